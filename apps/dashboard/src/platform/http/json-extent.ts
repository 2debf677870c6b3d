/** The body is no JSON that the decoder accepts; `message` is meant for the caller. */
export class BodyError extends Error {
  override readonly name = "BodyError";
}

/** What a body may hold at most (spec 60 section 5). */
export interface JsonLimits {
  /** Levels of lists and objects. */
  readonly depth: number;
  /** Members and entries of all levels together: what a small text costs once it is parsed. */
  readonly values: number;
  /** The same for a body with decimals, which cost twenty times as much to tell from integers. */
  readonly valuesWithDecimals: number;
}

/** Where the first JSON value of a text ends, and whether a number in it is written with a fraction or an exponent. */
export interface JsonExtent {
  readonly start: number;
  readonly end: number;
  readonly hasDecimals: boolean;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const POINT = 0x2e;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const SPACES = /[\t\n\r ]*/y;
const SCALAR = /[^\t\n\r ,\]}]*/y;
const DECIMAL = /[.eE]/;

/**
 * Looks at every character once, strings in leaps. What is no JSON is left to the parser to find; it gets no more than the limits allow.
 *
 * @throws {BodyError} past a limit
 */
export function extentOf(text: string, limits: JsonLimits): JsonExtent {
  const start = skip(SPACES, text, 0);
  const first = text.charCodeAt(start);
  if (first === OPEN_OBJECT || first === OPEN_LIST) return structure(text, start, limits);
  if (first === QUOTE) return { start, end: endOfString(text, start) + 1, hasDecimals: false };
  const end = skip(SCALAR, text, start);
  return { start, end, hasDecimals: DECIMAL.test(text.slice(start, end)) };
}

function structure(text: string, start: number, limits: JsonLimits): JsonExtent {
  let depth = 0;
  let values = 1;
  let hasDecimals = false;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const most = hasDecimals ? limits.valuesWithDecimals : limits.values;
    if (values > most) throw new BodyError(`body has more than ${most} values`);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      if (++depth > limits.depth) throw new BodyError(`body is nested deeper than ${limits.depth} levels`);
      values++;
    } else if (code === COMMA) values++;
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      if (--depth === 0) return { start, end: at + 1, hasDecimals };
    } else if (code === POINT || (isExponent(code) && isDigit(text.charCodeAt(at - 1)))) hasDecimals = true;
  }
  return { start, end: text.length, hasDecimals };
}

/**
 * Index of the quote that ends a string, or the end of the text. Most strings end at the next quote; one with escaped quotes is walked
 * through once, however many there are.
 */
function endOfString(text: string, quote: number): number {
  const next = text.indexOf('"', quote + 1);
  if (next < 0 || text.charCodeAt(next - 1) !== BACKSLASH) return next < 0 ? text.length : next;
  for (let at = quote + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return text.length;
}

function isExponent(code: number): boolean {
  return code === 0x65 || code === 0x45;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  pattern.test(text);
  return pattern.lastIndex;
}
