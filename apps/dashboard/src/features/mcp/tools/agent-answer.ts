import { z } from "zod";
import type { AgentCalls, AgentOrder } from "../calls.ts";
import { McpFailure } from "../model.ts";

/** Members of an agent's answer: what is missing or `null` is the zero value. */
export const textAnswer = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
export const numberAnswer = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);
export const flagAnswer = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

/**
 * Asks an agent and reads its answer by a schema; keys the schema does not name are dropped.
 *
 * @throws {McpFailure} also when the answer is not what it should be
 */
export async function askAgent<S extends z.ZodType>(calls: AgentCalls, order: AgentOrder, schema: S): Promise<z.output<S>> {
  const data = await calls.ask(order);
  const answer = schema.safeParse(parseJson(data));
  if (!answer.success)
    throw new McpFailure("agent_error", `the agent's answer is not understood: ${answer.error.issues[0]?.message ?? ""}`);
  return answer.data;
}

/** An answer of the file tools; its `error` becomes the tool's. */
export async function askFiles<S extends z.ZodType<{ error: string }>>(
  calls: AgentCalls,
  order: Omit<AgentOrder, "timeoutMs">,
  schema: S,
): Promise<z.output<S>> {
  const answer = await askAgent(calls, { ...order, timeoutMs: FILES_WAIT_MS }, schema);
  if (answer.error !== "") throw new McpFailure("agent_error", answer.error);
  return answer;
}

const FILES_WAIT_MS = 30_000;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new McpFailure("agent_error", "the agent's answer is no JSON");
  }
}
