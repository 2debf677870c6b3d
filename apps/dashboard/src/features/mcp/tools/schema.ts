import { z } from "zod";
import type { JsonSchema } from "./tool.ts";

/** Arguments as the reference reads them: what is left out or `null` is the zero value, unknown keys are ignored. */
export const textArgument = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
export const flagArgument = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
export const integerArgument = z
  .int()
  .nullish()
  .transform((value) => value ?? 0);
export const countArgument = z
  .int()
  .nonnegative()
  .nullish()
  .transform((value) => value ?? 0);
export const onServer = { server_id: countArgument };
export const onPath = { ...onServer, path: textArgument };

/** JSON Schema as tools advertise it (spec 40 section 16). */
export function objectSchema(properties: Record<string, JsonSchema>, required: readonly string[] = []): JsonSchema {
  return { type: "object", properties, ...(required.length > 0 && { required }) };
}

export function arraySchema(items: JsonSchema): JsonSchema {
  return { type: "array", items };
}

const described = (type: JsonSchema, description?: string): JsonSchema => (description === undefined ? type : { ...type, description });
export const text = (description?: string): JsonSchema => described({ type: "string" }, description);
export const moment = (description?: string): JsonSchema => described({ type: "string", format: "date-time" }, description);
export const integer = (description?: string, limits: { minimum?: number; maximum?: number } = {}): JsonSchema =>
  described({ type: "integer", ...limits }, description);
export const flag = (description?: string): JsonSchema => described({ type: "boolean" }, description);
export const encoding: JsonSchema = {
  type: "string",
  enum: ["utf8", "base64"],
  description: "How the content is written; utf8 unless told",
};
export const serverIdSchema = integer("Id of the server, as server.list gives it");
export const absolutePath = text("Absolute path on the server");

/** Members that say something: no zero, empty text, empty list, empty object or `false`. Agents and clients know them as optional. */
export function withoutEmpty<T extends object>(members: T): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => !isEmpty(value))) as Partial<T>;
}

function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return !value;
}
