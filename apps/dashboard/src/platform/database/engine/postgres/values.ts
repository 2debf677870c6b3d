import type { CustomTypesConfig } from "pg";
import { StoredKey } from "../stored-key.ts";

/** Type numbers of PostgreSQL's catalogue. */
const BOOLEAN = 16;
const BYTES = 17;
const INTEGERS = [20, 21, 23];
const DECIMALS = [700, 701, 1700];
const JSON_TYPES = [114, 3802];

const asNumber = (text: string): number => Number(text);
const READERS = new Map<number, (text: string) => unknown>([
  [BOOLEAN, (text) => (text === "t" ? 1 : 0)],
  [BYTES, (text) => Uint8Array.fromHex(text.slice(2))],
  ...[...INTEGERS, ...DECIMALS].map((type): [number, typeof asNumber] => [type, asNumber]),
  ...JSON_TYPES.map((type): [number, (text: string) => unknown] => [type, (text) => JSON.parse(text) as unknown]),
]);

/** Values as SQLite gives them: every number a number, rounded where it is too large for one; truth 1 and 0; all else as its text. */
export const readers: CustomTypesConfig = {
  getTypeParser: (type: number) => READERS.get(type) ?? ((text: string) => text),
};

/**
 * Values as SQLite takes them, and with its checks: what could not be told from a mistake of ours is refused. The one difference is the
 * character 0, which no text of PostgreSQL may hold: U+FFFD takes its place.
 */
export function bindable(parameters: readonly unknown[]): unknown[] {
  return parameters.map((value) => {
    if (typeof value === "boolean") return value ? 1 : 0;
    if (typeof value === "number") return Number.isNaN(value) ? null : value;
    if (typeof value === "string") return value.includes("\0") ? value.replaceAll("\0", "\uFFFD") : value;
    if (value === null || typeof value === "bigint") return value;
    if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    if (value instanceof StoredKey) return JSON.stringify(value.value).replaceAll(String.raw`\u0000`, "\uFFFD");
    throw new TypeError(`a ${value instanceof Date ? "Date" : typeof value} cannot be stored in a column`);
  });
}
