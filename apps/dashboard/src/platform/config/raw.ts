import { isAlias, isMap, isScalar, isSeq, parseDocument, Scalar } from "yaml";
import type { Document, Node, Pair } from "yaml";
import { ConfigError } from "./config-error.ts";

/** A value before its key says what it is: scalars are text as written, `null` is an empty one. */
export type RawValue = string | null | RawList | RawMap;
export type RawList = readonly RawValue[];
export type RawMap = ReadonlyMap<string, RawValue>;

/** The text of a configuration file with what was found in it. */
export interface ConfigSource {
  /** For messages only. */
  readonly path: string;
  readonly text: string;
  readonly document: Document;
  readonly values: RawMap;
  /** Keys that stand in the file themselves; others may come from a merge (`<<`). */
  readonly ownKeys: ReadonlySet<string>;
}

const EMPTY_SCALARS = new Set(["", "~", "null", "Null", "NULL"]);
/** References to references: a file cannot unfold into more than this depth, nor into more values. */
const MAX_DEPTH = 16;
const MAX_VALUES = 100_000;
const MERGE_KEY = "<<";

/** Parses the text of a configuration file; `path` is for messages only. Every scalar is its own text: no number loses a digit. */
export function parseConfig(text: string, path: string): ConfigSource {
  const document = parseDocument(text, { schema: "failsafe", keepSourceTokens: false, logLevel: "error" });
  const [error] = document.errors;
  if (error?.code === "MULTIPLE_DOCS") throw new ConfigError(`${path}: the file must hold one document, not several behind ---`);
  if (error !== undefined) throw new ConfigError(`${path}: ${error.message}`);
  if (document.contents !== null && !isMap(document.contents) && !isEmptyScalar(document.contents)) {
    throw new ConfigError(`${path}: the file must hold keys and values`);
  }
  const items = isMap(document.contents) ? document.contents.items : [];
  return { path, text, document, values: rawValues({ path, document, values: 0 }), ownKeys: new Set(items.map(keyText)) };
}

interface Reading {
  readonly path: string;
  readonly document: Document;
  /** Read so far. */
  values: number;
}

function rawValues(reading: Reading): RawMap {
  const { contents } = reading.document;
  const value = contents === null ? null : read(contents, reading, 0);
  return value instanceof Map ? value : new Map();
}

function read(node: Node | null, reading: Reading, depth: number): RawValue {
  reading.values += 1;
  if (depth > MAX_DEPTH) throw new ConfigError(`${reading.path}: nested more than ${MAX_DEPTH} levels deep`);
  if (reading.values > MAX_VALUES) throw new ConfigError(`${reading.path}: more than ${MAX_VALUES} values, references included`);
  if (isAlias(node)) return read(node.resolve(reading.document) ?? null, reading, depth + 1);
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }): [string, RawValue] => {
      const name = read(asNode(key), reading, depth + 1);
      return [typeof name === "string" ? name : "", read(asNode(value), reading, depth + 1)];
    });
    return merged(new Map(entries));
  }
  if (isSeq(node)) return node.items.map((item) => read(asNode(item), reading, depth + 1));
  return isScalar(node) && !isEmptyScalar(node) ? scalarText(node) : null;
}

/** `<<: *other` gives what the map does not say itself; of several the first counts. */
function merged(values: Map<string, RawValue>): RawMap {
  const other = values.get(MERGE_KEY);
  if (other === undefined || other === null || typeof other === "string") return values;
  values.delete(MERGE_KEY);
  for (const source of isRawMap(other) ? [other] : other) {
    if (source === null || typeof source === "string" || !isRawMap(source)) continue;
    for (const [key, value] of source) if (!values.has(key)) values.set(key, value);
  }
  return values;
}

function isRawMap(value: RawList | RawMap): value is RawMap {
  return value instanceof Map;
}

/** The name of a key as it is read. */
export function keyText(pair: Pair): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key);
}

function asNode(value: unknown): Node | null {
  return isAlias(value) || isMap(value) || isSeq(value) || isScalar(value) ? value : null;
}

function scalarText({ value, source }: Scalar): string {
  return typeof value === "string" ? value : (source ?? String(value));
}

function isEmptyScalar(node: unknown): boolean {
  return isScalar(node) && node.type === Scalar.PLAIN && node.tag === undefined && EMPTY_SCALARS.has(node.source ?? "");
}

/** How keys are compared: any case, with or without underscores (spec 41 section 4.2). */
export function looseKey(key: string): string {
  return key.toLowerCase().replaceAll("_", "");
}

/** The name under which `values` holds `key`: the exact one if it is there, else one of another style. */
export function matchingKey(keys: Iterable<string>, key: string): string | undefined {
  let loose: string | undefined;
  for (const candidate of keys) {
    if (candidate === key) return candidate;
    if (loose === undefined && looseKey(candidate) === looseKey(key)) loose = candidate;
  }
  return loose;
}

/** The value of `key` in whatever style it is written; `undefined` when it is absent or empty. */
export function lookUp(values: RawMap, key: string): Exclude<RawValue, null> | undefined {
  const name = matchingKey(values.keys(), key);
  return name === undefined ? undefined : (values.get(name) ?? undefined);
}
