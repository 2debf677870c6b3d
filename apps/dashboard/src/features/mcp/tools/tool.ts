import type { Scope } from "@windfire/api";
import type { z } from "zod";
import type { TokenCaller } from "#kernel";
import { issueText } from "#platform/http";
import { invalid } from "../model.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Who calls a tool and from where. */
export interface ToolContext {
  readonly caller: TokenCaller;
  /** Aborts when the client goes or its token ends. */
  readonly signal: AbortSignal;
  /** Scheme and host of links, without a slash at the end; `undefined` where none may be made. */
  readonly linkBase: string | undefined;
}

interface ToolFace {
  /** As clients call it. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What a token needs besides being valid. */
  readonly scope: Scope | undefined;
  readonly annotations: { readonly readOnlyHint: boolean; readonly destructiveHint?: boolean };
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
}

export interface Tool extends ToolFace {
  /** @param args parsed JSON, anything. @throws {McpFailure} */
  run(args: unknown, context: ToolContext): Promise<object>;
}

interface ToolPlan<S extends z.ZodType> extends ToolFace {
  readonly args: S;
  run(args: z.output<S>, context: ToolContext): Promise<object> | object;
}

/** A tool whose arguments are read by a schema. The advertised schemas inform clients; they are not what is enforced (spec 40 section 7.4). */
export function tool<S extends z.ZodType>({ args: schema, run, ...face }: ToolPlan<S>): Tool {
  return {
    ...face,
    async run(args, context) {
      const parsed = schema.safeParse(args ?? {}, { error: issueText });
      if (parsed.success) return run(parsed.data, context);
      const [issue] = parsed.error.issues;
      throw invalid(`invalid arguments: ${[...(issue?.path ?? []), ""].join(": ")}${issue?.message}`);
    },
  };
}
