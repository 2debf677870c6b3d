import type { z } from "zod";
import { refuseText } from "#kernel";
import type { AppError } from "#kernel";
import { fitToShape, shapeOf } from "./body-shape.ts";
import { issueText } from "./issue-text.ts";
import type { MaybePromise } from "./gate.ts";
import { readJson } from "./json-body.ts";
import { BodyError } from "./json-extent.ts";
import type { JsonLimits } from "./json-extent.ts";
import { parseOverStored } from "./unchanged.ts";
import type { Issue, StoredFields } from "./unchanged.ts";

/** Parses one part of a request; throws an `AppError` whose text names the field. */
export type Parser = (input: unknown) => unknown;

/** Parser of path parameters or of the query (both arrive as strings). */
export function textParser(schema: z.ZodType | undefined): Parser {
  if (!schema) return () => undefined;
  return (input) => parse(schema, input);
}

/**
 * Parser of a body given as bytes: JSON whatever the content type says; with `form` also `application/x-www-form-urlencoded` and
 * `multipart/form-data`, told apart by the content type unless the text starts with `{` (spec 10 section 6.1).
 */
export function bodyParser(
  schema: z.ZodType | undefined,
  options: { form: boolean; limits: JsonLimits },
): (bytes: Buffer | undefined, contentType: string, stored?: Stored) => Promise<unknown> {
  if (!schema) return async () => undefined;
  const shape = shapeOf(schema);
  return async (bytes, contentType, stored) => {
    const text = decode(bytes);
    const form = options.form && !contentType.startsWith("application/json") && !text.trimStart().startsWith("{");
    const raw = form ? await readForm(bytes, text, contentType) : readBody(text, options.limits);
    const body = fitToShape(raw, shape);
    const result = schema.safeParse(body, { error: issueText });
    if (result.success) return result.data;
    const row = await stored?.();
    if (!row) throw refused(result.error.issues[0]);
    const over = parseOverStored(schema, body, row);
    if ("data" in over) return over.data;
    throw refused(over.issue);
  };
}

/** The row that a body replaces, asked for when something in the body is refused; `undefined` when there is none, or not for this caller. */
export type Stored = () => MaybePromise<StoredFields | undefined>;

function decode(bytes: Buffer | undefined): string {
  return bytes === undefined ? "" : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** Fields of a form; of a repeated one the last. Files are no fields. */
async function readForm(bytes: Buffer | undefined, text: string, contentType: string): Promise<Record<string, string>> {
  if (!/^multipart\/form-data\s*(;|$)/i.test(contentType)) return Object.fromEntries(new URLSearchParams(text));
  try {
    const form = await new Response(bytes === undefined ? null : new Uint8Array(bytes), {
      headers: { "content-type": contentType },
    }).formData();
    return Object.fromEntries([...form].flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
  } catch {
    throw refuseText("body is not a multipart form");
  }
}

function readBody(text: string, limits: JsonLimits): unknown {
  try {
    return readJson(text, limits);
  } catch (error) {
    if (error instanceof BodyError) throw refuseText(error.message);
    throw error;
  }
}

function parse(schema: z.ZodType, input: unknown): unknown {
  const result = schema.safeParse(input, { error: issueText });
  if (result.success) return result.data;
  throw refused(result.error.issues[0]);
}

function refused(issue: Issue | undefined): AppError {
  const field = issue?.path.map(String).join(".");
  const message = issue?.message ?? "invalid input";
  return refuseText(field ? `${field}: ${message}` : message);
}
