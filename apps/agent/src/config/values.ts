import { CONFIG_KINDS, fail, isConfigKey, succeed } from "./model.ts";
import type { ConfigChange, ConfigKey, ConfigKind, Outcome } from "./model.ts";

const MAX_UINT32 = 4_294_967_295;
const MAX_ENTRIES = 1024;
const TRUE_WORDS = new Set(["1", "t", "true"]);
const FALSE_WORDS = new Set(["", "0", "f", "false"]);

/** Values as a file, a variable or a JSON message gives them, made into those of the keys; unknown keys are left out. */
export function readValues(source: Readonly<Record<string, unknown>>): Outcome<ConfigChange> {
  const change: Record<string, unknown> = {};
  for (const [name, raw] of Object.entries(source)) {
    const key = name.toLowerCase();
    if (!isConfigKey(key)) continue;
    const read = READERS[CONFIG_KINDS[key]](key, raw);
    if (!read.ok) return read;
    if (read.value !== undefined) change[key] = read.value;
  }
  return succeed(change);
}

type Reader = (key: ConfigKey, raw: unknown) => Outcome<unknown>;

const READERS: Readonly<Record<ConfigKind, Reader>> = {
  text: (key, raw) => {
    if (raw === null) return succeed(undefined);
    if (typeof raw === "string") return succeed(raw);
    if (typeof raw === "number" || typeof raw === "boolean") return succeed(String(raw));
    return fail(`${key} must be a text`);
  },
  flag: (key, raw) => {
    if (raw === null) return succeed(undefined);
    const flag = readFlag(raw);
    return flag === undefined ? fail(`${key} must be true or false`) : succeed(flag);
  },
  number: (key, raw) => {
    if (raw === null) return succeed(undefined);
    const number = readWholeNumber(raw);
    return number === undefined ? fail(`${key} must be a whole number from 0 to ${MAX_UINT32}`) : succeed(number);
  },
  list: (key, raw) => {
    if (raw === null || raw === "") return succeed([]);
    const entries: readonly unknown[] = Array.isArray(raw) ? raw : typeof raw === "string" ? raw.split(",") : [undefined];
    if (entries.length > MAX_ENTRIES) return fail(`${key} has more than ${MAX_ENTRIES} entries`);
    if (!entries.every((entry) => typeof entry === "string")) return fail(`${key} must be a list of texts`);
    return succeed(entries.map((entry) => entry.trim()).filter((entry) => entry !== ""));
  },
  flags: (key, raw) => {
    if (raw === null || raw === "") return succeed({});
    const map = typeof raw === "string" ? parseObject(raw) : raw;
    if (typeof map !== "object" || map === null || Array.isArray(map)) return fail(`${key} must be a map of names to true or false`);
    const entries = Object.entries(map);
    if (entries.length > MAX_ENTRIES) return fail(`${key} has more than ${MAX_ENTRIES} entries`);
    const flags: [string, boolean][] = [];
    for (const [name, value] of entries) {
      const flag = readFlag(value);
      if (flag === undefined) return fail(`${key}: "${name}" must be true or false`);
      flags.push([name, flag]);
    }
    return succeed(Object.fromEntries(flags));
  },
};

function readFlag(raw: unknown): boolean | undefined {
  if (typeof raw === "boolean") return raw;
  if (typeof raw === "number") return raw !== 0;
  if (typeof raw !== "string") return undefined;
  const word = raw.trim().toLowerCase();
  if (TRUE_WORDS.has(word)) return true;
  return FALSE_WORDS.has(word) ? false : undefined;
}

function readWholeNumber(raw: unknown): number | undefined {
  const text = typeof raw === "string" ? raw.trim() : raw;
  if (text === "") return 0;
  const number = typeof text === "string" && /^\d{1,10}$/.test(text) ? Number(text) : text;
  return typeof number === "number" && Number.isInteger(number) && number >= 0 && number <= MAX_UINT32 ? number : undefined;
}

function parseObject(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
