import { Document, isMap, isScalar, YAMLMap } from "yaml";
import type { Pair } from "yaml";
import { ConfigError } from "./config-error.ts";
import { keyText, looseKey, parseConfig } from "./raw.ts";
import type { ConfigSource } from "./raw.ts";

/** A provider's keys as they are written; `undefined`: the key is left out. Keys that are not named stay as they are. */
export type ProviderFields = Readonly<Record<string, string | boolean | readonly string[] | Readonly<Record<string, unknown>> | undefined>>;

const SECTION = "oauth2";

/**
 * The text of the file with one provider changed, or without it. All other keys keep every byte; of the section itself comments and order
 * stay.
 *
 * @throws {ConfigError} when the section is written in a way that cannot be changed without changing what else the file says
 */
export function changeProvider(source: ConfigSource, name: string, fields: ProviderFields | undefined): string {
  const { contents } = source.document;
  if (contents !== null && (!isMap(contents) || contents.flow) && !isScalar(contents)) throw unchangeable(source);
  const pair = isMap(contents) ? contents.items.find((item) => looseKey(keyText(item)) === SECTION) : undefined;
  const section = isMap(pair?.value) ? pair.value : new YAMLMap();
  section.flow = false;
  setProvider(section, name, fields);
  const written = section.items.length === 0 ? "" : String(new Document({ [SECTION]: section })).trimEnd();
  const text = replaceSection(source.text, pair, written);
  if (!keepsTheRest(source, parseConfig(text, source.path))) throw unchangeable(source);
  return text;
}

function setProvider(section: YAMLMap, name: string, fields: ProviderFields | undefined): void {
  if (fields === undefined) {
    section.delete(name);
    return;
  }
  const present = section.get(name, true);
  const provider = isMap(present) ? present : new YAMLMap();
  provider.flow = false;
  for (const [key, value] of Object.entries(fields)) {
    const spellings = provider.items.map(keyText).filter((each) => looseKey(each) === looseKey(key));
    for (const spelling of spellings) if (value === undefined || spelling !== key) provider.delete(spelling);
    if (value !== undefined) provider.set(key, new Document(value).contents);
  }
  if (!isMap(present)) section.set(name, provider);
}

function replaceSection(text: string, pair: Pair | undefined, written: string): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = written === "" ? "" : written.replaceAll("\n", eol) + eol;
  if (pair === undefined) return text + (text === "" || text.endsWith("\n") ? "" : eol) + lines;
  const from = text.lastIndexOf("\n", startOf(pair.key) - 1) + 1;
  const end = endOf(pair.value) ?? startOf(pair.key);
  const after = text[end - 1] === "\n" ? end : text.indexOf("\n", end) + 1 || text.length;
  return text.slice(0, from) + lines + text.slice(after);
}

const rangeOf = (node: unknown): readonly number[] | undefined => {
  const range: unknown = typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
  return Array.isArray(range) ? range.map(Number) : undefined;
};
const startOf = (node: unknown): number => rangeOf(node)?.[0] ?? 0;
const endOf = (node: unknown): number | undefined => rangeOf(node)?.[1];

/** Other keys say what they said: an anchor may have stood in the section that others refer to. */
function keepsTheRest(before: ConfigSource, after: ConfigSource): boolean {
  const rest = ({ values }: ConfigSource): string =>
    JSON.stringify(
      [...values].filter(([key]) => looseKey(key) !== SECTION),
      plain,
    );
  return rest(before) === rest(after);
}

const plain = (_key: string, value: unknown): unknown => (value instanceof Map ? [...(value as ReadonlyMap<unknown, unknown>)] : value);

function unchangeable({ path }: ConfigSource): ConfigError {
  return new ConfigError(`${path} is written in a way that cannot be changed without changing its meaning`);
}
