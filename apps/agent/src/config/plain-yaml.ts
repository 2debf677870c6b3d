/**
 * The part of YAML that configuration files consist of: `key: value` lines, block lists of texts and block maps of texts,
 * comments, quoted texts. Everything else is left to a full reader, which is large and rarely needed.
 */

const KEY_LINE = /^([A-Za-z_]\w*):(?:[ \t]+(.*))?$/;
const LIST_LINE = /^[ \t]*-[ \t]+(.*)$/;
const MAP_LINE = /^[ \t]+((?:"(?:[^"\\]|\\.)*")|[A-Za-z0-9_][\w.@-]*):[ \t]+(.*)$/;
const DOUBLE_QUOTED = /^("(?:[^"\\]|\\["\\/bfnrtu])*")(?:[ \t]+#.*)?$/;
const SINGLE_QUOTED = /^'((?:[^']|'')*)'(?:[ \t]+#.*)?$/;
/** Begins with none of the characters that mean something, and holds no `: ` and no ` #`. */
const PLAIN = /^[A-Za-z0-9_./(][^#:]*(?:[:#](?=\S)[^#:]*)*$/;
/** Said to have no value. */
export const EMPTY_WORDS: ReadonlySet<unknown> = new Set(["", "~", "null"]);
const SKIPPED_LINE = /^[ \t]*(?:#.*)?$/;

type Values = Record<string, string | null | string[] | Record<string, string>>;

/** A key without a value of its own, and how far its entries are indented. */
interface Block {
  readonly key: string;
  indent: string | undefined;
}

/** Keys with their scalars as texts; undefined when the text goes beyond this part of YAML. */
export function parsePlainYaml(text: string): Values | undefined {
  const values: Values = {};
  let block: Block | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (SKIPPED_LINE.test(line)) continue;
    const [, key, raw = ""] = KEY_LINE.exec(line) ?? [];
    if (key === undefined) {
      if (block === undefined || !addEntry(values, block, line)) return undefined;
    } else if (addKey(values, key, raw)) {
      block = SKIPPED_LINE.test(raw) ? { key, indent: undefined } : undefined;
    } else return undefined;
  }
  return values;
}

function addKey(values: Values, key: string, raw: string): boolean {
  if (Object.hasOwn(values, key) || key === "__proto__") return false;
  const value = SKIPPED_LINE.test(raw) || EMPTY_WORDS.has(raw.trim()) ? null : scalar(raw);
  if (value === undefined) return false;
  values[key] = value;
  return true;
}

function addEntry(values: Values, block: Block, line: string): boolean {
  const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
  block.indent ??= indent;
  if (indent !== block.indent || indent.includes("\t")) return false;
  const item = LIST_LINE.exec(line);
  return item === null ? addPair(values, block.key, line) : addItem(values, block.key, item[1] ?? "");
}

function addItem(values: Values, key: string, raw: string): boolean {
  const value = scalar(raw);
  const list = values[key] ?? [];
  if (value === undefined || value === "" || !Array.isArray(list)) return false;
  values[key] = [...list, value];
  return true;
}

function addPair(values: Values, key: string, line: string): boolean {
  const pair = MAP_LINE.exec(line);
  const name = scalar(pair?.[1] ?? "");
  const value = scalar(pair?.[2] ?? "");
  const map = values[key] ?? {};
  if (!name || !value || name === "__proto__" || typeof map === "string" || Array.isArray(map) || Object.hasOwn(map, name)) return false;
  values[key] = { ...map, [name]: value };
  return true;
}

function scalar(raw: string): string | undefined {
  const text = raw.trim();
  const double = DOUBLE_QUOTED.exec(text)?.[1];
  if (double !== undefined) return unquoted(double);
  const single = SINGLE_QUOTED.exec(text)?.[1];
  if (single !== undefined) return single.replaceAll("''", "'");
  const plain = text.replace(/[ \t]+#.*$/, "");
  return plain === "" || PLAIN.test(plain) ? plain : undefined;
}

/** Without the escapes that only YAML knows, a double quoted text is one of JSON. */
function unquoted(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

const SAFE_TEXT = /^[A-Za-z][\w./-]*(?::\d+)?$/;
const WORDS = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** Keys in the given order; texts that could be taken for something else are quoted. */
export function formatPlainYaml(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}:${formatValue(value)}\n`)
    .join("");
}

function formatValue(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `\n  - ${formatScalar(item)}`).join("");
  if (typeof value !== "object" || value === null) return ` ${formatScalar(value)}`;
  return Object.entries(value)
    .map(([name, item]) => `\n  ${formatScalar(name)}: ${formatScalar(item)}`)
    .join("");
}

function formatScalar(value: unknown): string {
  if (typeof value === "string" && SAFE_TEXT.test(value) && !WORDS.test(value)) return value;
  return JSON.stringify(value);
}
