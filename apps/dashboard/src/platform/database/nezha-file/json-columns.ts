/**
 * JSON columns (`…_raw`). NULL, "" and text that is not what the column should hold are read as `null`, which is what the answers
 * then show (spec 41 section 9.3b); elements of a wrong kind are left out.
 */

/** The value, or `undefined` for NULL, "" and invalid text. */
export function readJson(text: unknown): unknown {
  if (typeof text !== "string" || text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A JSON array of ids (`[1,2]`). */
export function readIdList(text: unknown): number[] | null {
  const value = readJson(text);
  return Array.isArray(value) ? value.filter(isId) : null;
}

/** A JSON array of texts (`["a.example.com"]`). */
export function readTextList(text: unknown): string[] | null {
  const value = readJson(text);
  return Array.isArray(value) ? value.filter(isText) : null;
}

/** A JSON object of flags by id (`{"3":true}`). */
export function readIdFlags(text: unknown): Map<number, boolean> | null {
  return readIdMap(text, (value) => (typeof value === "boolean" ? value : undefined));
}

/** A JSON object of text lists by id (`{"3":["a.example.com"]}`). */
export function readIdTextLists(text: unknown): Map<number, string[]> | null {
  return readIdMap(text, (value) => (Array.isArray(value) ? value.filter(isText) : undefined));
}

function readIdMap<T>(text: unknown, read: (value: unknown) => T | undefined): Map<number, T> | null {
  const value = readJson(text);
  if (!isObject(value)) return null;
  const map = new Map<number, T>();
  for (const [key, member] of Object.entries(value)) {
    const id = Number(key);
    const item: T | undefined = read(member);
    if (isId(id) && item !== undefined) map.set(id, item);
  }
  return map;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isId(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
