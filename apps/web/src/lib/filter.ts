/** One part of a filter: a free word, or `key:value`, `key>1`, `key<1`. */
export type FilterPart =
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "is"; readonly text: string; readonly key: string; readonly value: string }
  | { readonly kind: "above" | "below"; readonly text: string; readonly key: string; readonly value: string };

const PART = /^([a-z_]+)([:<>])(.+)$/iu;
const TOKEN = /(?:[^\s"]+|"[^"]*")+/gu;

/** Splits a filter at spaces outside quotes. Every part keeps its text, so that it can be shown and removed. */
export function parseFilter(text: string): FilterPart[] {
  return (text.match(TOKEN) ?? []).map((token) => parsePart(token));
}

function parsePart(token: string): FilterPart {
  const [, key, sign, value] = PART.exec(token) ?? [];
  if (key === undefined || value === undefined) return { kind: "word", text: token };
  const kind = sign === ">" ? "above" : sign === "<" ? "below" : "is";
  return { kind, text: token, key: key.toLowerCase(), value: unquote(value) };
}

function unquote(text: string): string {
  return text.replaceAll('"', "");
}

/** The words and values a filter can look at. */
export interface FilterFields<T> {
  /** What free words are searched in. */
  words(item: T): string;
  /** Texts that `key:value` may equal or begin with (any of them). */
  readonly texts: Readonly<Record<string, (item: T) => readonly string[]>>;
  /** Numbers that `key>1` and `key<1` compare; `undefined` never matches. */
  readonly numbers: Readonly<Record<string, (item: T) => number | undefined>>;
}

export interface Filter<T> {
  matches(item: T): boolean;
  readonly parts: readonly FilterPart[];
  /** Parts that say nothing to this list: shown as wrong, and left out of the match. */
  readonly invalid: readonly FilterPart[];
}

/** Every valid part must match; unknown keys and values that are no numbers are invalid. */
export function createFilter<T>(text: string, fields: FilterFields<T>): Filter<T> {
  const parts = parseFilter(text);
  const tests: ((item: T) => boolean)[] = [];
  const invalid: FilterPart[] = [];
  for (const part of parts) {
    const test = testFor(part, fields);
    if (test === undefined) invalid.push(part);
    else tests.push(test);
  }
  return { parts, invalid, matches: (item) => tests.every((test) => test(item)) };
}

function testFor<T>(part: FilterPart, fields: FilterFields<T>): ((item: T) => boolean) | undefined {
  if (part.kind === "word") {
    const word = unquote(part.text).toLowerCase();
    return (item) => fields.words(item).toLowerCase().includes(word);
  }
  if (part.kind === "is") return textTest(fields.texts[part.key], part.value);
  return numberTest(fields.numbers[part.key], part.kind, part.value);
}

function textTest<T>(read: ((item: T) => readonly string[]) | undefined, value: string): ((item: T) => boolean) | undefined {
  if (read === undefined) return undefined;
  const wanted = value.toLowerCase().split(",");
  return (item) => read(item).some((text) => wanted.some((start) => text.toLowerCase().startsWith(start)));
}

function numberTest<T>(
  read: ((item: T) => number | undefined) | undefined,
  kind: "above" | "below",
  value: string,
): ((item: T) => boolean) | undefined {
  const limit = Number(value.replace(/[%d]$/u, ""));
  if (read === undefined || Number.isNaN(limit)) return undefined;
  return (item) => {
    const number = read(item);
    return number !== undefined && (kind === "above" ? number > limit : number < limit);
  };
}
