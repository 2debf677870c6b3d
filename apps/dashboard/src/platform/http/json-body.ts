import { DecimalLiteral } from "@windfire/api";
import { BodyError, extentOf } from "./json-extent.ts";
import type { JsonLimits } from "./json-extent.ts";

/**
 * Reads the first JSON value of a text the way the reference's decoder does (spec 10 section 4.2): whatever follows the value is
 * ignored, an empty text is refused, a byte order mark is an error. Numbers written with a fraction or an exponent come back as
 * {@link DecimalLiteral}, because integers refuse them even when they are whole; a text without any is spared the reviver, which costs
 * twenty times the parser.
 *
 * @throws {BodyError} with a text for the caller.
 */
export function readJson(text: string, limits: JsonLimits): unknown {
  const { start, end, hasDecimals } = extentOf(text, limits);
  if (start === end) throw new BodyError("EOF: the body is empty");
  try {
    return JSON.parse(text.slice(start, end), hasDecimals ? keepDecimals : undefined);
  } catch (error) {
    throw new BodyError(`body is not valid JSON: ${error instanceof Error ? error.message : "syntax error"}`);
  }
}

/** A value with its decimal literals as the numbers that they are. */
export function withoutLiterals(value: unknown): unknown {
  if (value instanceof DecimalLiteral) return value.value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutLiterals);
  return Object.fromEntries(Object.entries(value).map(([key, member]: [string, unknown]) => [key, withoutLiterals(member)]));
}

function keepDecimals(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value === "number" && context?.source !== undefined && /[.eE]/.test(context.source)) return new DecimalLiteral(value);
  return value;
}
