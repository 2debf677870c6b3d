/** A text that does not begin with one whole JSON value. */
export class RawJsonError extends Error {
  override readonly name = "RawJsonError";
}

/** Large messages are large texts; parsing goes by the number of values (spec 60 section 5). */
const MOST_VALUES = 50_000;
const SPACES = /[\t\n\r ]*/y;
const SCALAR = /[^\t\n\r ,:\]}]*/y;

/**
 * The first JSON value of a text, without what follows it. Only brackets and strings are looked at: `JSON.parse` judges the rest.
 *
 * @throws {RawJsonError} when there is none, it has no end, is nested deeper than `maxDepth`, or holds more values than a call needs
 */
export function firstValue(text: string, maxDepth: number): string {
  const start = skip(SPACES, text, 0);
  if (start === text.length) throw new RawJsonError("EOF");
  return text.slice(start, endOfValue(text, start, maxDepth));
}

/** Members of a valid JSON object as the text they are written in; of a repeated name the last. Empty for any other value. */
export function rawMembers(text: string): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  let at = skip(SPACES, text, 0);
  if (text[at] !== "{") return members;
  at = skip(SPACES, text, at + 1);
  while (text[at] === '"') {
    const nameEnd = endOfString(text, at);
    const name = JSON.parse(text.slice(at, nameEnd)) as string;
    const start = skip(SPACES, text, skip(SPACES, text, nameEnd) + 1);
    const end = endOfValue(text, start, Number.POSITIVE_INFINITY);
    members.set(name, text.slice(start, end));
    at = skip(SPACES, text, skip(SPACES, text, end) + 1);
  }
  return members;
}

function endOfValue(text: string, start: number, maxDepth: number): number {
  const first = text[start];
  if (first === '"') return endOfString(text, start);
  if (first !== "{" && first !== "[") return Math.max(skip(SCALAR, text, start), start + 1);
  let depth = 0;
  let values = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === "," || char === "{" || char === "[") values++;
    if (values > MOST_VALUES) throw new RawJsonError(`more than ${MOST_VALUES} values`);
    if (char === '"') at = endOfString(text, at) - 1;
    else if (char === "{" || char === "[") {
      if (++depth > maxDepth) throw new RawJsonError(`nested deeper than ${maxDepth} levels`);
    } else if ((char === "}" || char === "]") && --depth === 0) return at + 1;
  }
  throw new RawJsonError("unexpected EOF");
}

/** Looks for quotes only: strings are what large bodies consist of. */
function endOfString(text: string, quote: number): number {
  for (let at = text.indexOf('"', quote + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
  throw new RawJsonError("unexpected EOF");
}

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  pattern.test(text);
  return pattern.lastIndex;
}
