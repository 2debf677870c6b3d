import { DecimalLiteral } from "@windfire/api";

/** The body is no JSON that the decoder accepts; `message` is meant for the caller. */
export class BodyError extends Error {
  override readonly name = "BodyError";
}

const SPACE = /[\t\n\r ]/;

/**
 * Reads the first JSON value of a text the way the reference's decoder does (spec 10 section 4.2): whatever follows the value is
 * ignored, an empty text is `EOF`, a byte order mark is an error. Numbers written with a fraction or an exponent come back as
 * {@link DecimalLiteral}, because integers refuse them even when they are whole.
 *
 * @throws {BodyError} with a text for the caller.
 */
export function readJson(text: string, maxDepth: number): unknown {
  const value = text.slice(0, endOfValue(text, maxDepth));
  if (value.trim() === "") throw new BodyError("EOF");
  try {
    return JSON.parse(value, keepDecimals);
  } catch (error) {
    throw new BodyError(`body is not valid JSON: ${error instanceof Error ? error.message : "syntax error"}`);
  }
}

function keepDecimals(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value === "number" && context?.source !== undefined && /[.eE]/.test(context.source)) return new DecimalLiteral(value);
  return value;
}

/** Index just behind the first value. Counts brackets outside strings, which also bounds the nesting. */
function endOfValue(text: string, maxDepth: number): number {
  let start = 0;
  while (start < text.length && SPACE.test(text.charAt(start))) start++;
  const first = text[start];
  if (first !== "{" && first !== "[") return endOfScalar(text, start);
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === "{" || char === "[") {
      if (++depth > maxDepth) throw new BodyError(`body is nested deeper than ${maxDepth} levels`);
    } else if ((char === "}" || char === "]") && --depth === 0) return at + 1;
  }
  return text.length;
}

function endOfString(text: string, quote: number): number {
  for (let at = quote + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

function endOfScalar(text: string, start: number): number {
  if (text[start] === '"') return endOfString(text, start) + 1;
  let at = start;
  while (at < text.length && !/[\t\n\r ,\]}]/.test(text.charAt(at))) at++;
  return at;
}
