import { isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Document, Node } from "yaml";
import { ConfigError } from "./config-error.ts";

/** A value before its key says what it is: scalars are text as written, `null` is an empty one. */
export type RawValue = string | null | RawList | RawMap;
export type RawList = readonly RawValue[];
export type RawMap = ReadonlyMap<string, RawValue>;

const EMPTY_SCALARS = new Set(["", "~", "null", "Null", "NULL"]);
/** References to references: a file cannot unfold into more than this depth. */
const MAX_DEPTH = 16;

/** Parses the text of a configuration file. `file` is for messages only. */
export function parseYaml(text: string, file: string): Document {
  const document = parseDocument(text, { keepSourceTokens: false, logLevel: "error" });
  const [error] = document.errors;
  if (error !== undefined) throw new ConfigError(`${file}: ${error.message}`);
  if (document.contents !== null && !isMap(document.contents) && !isEmptyScalar(document.contents)) {
    throw new ConfigError(`${file}: the file must hold keys and values`);
  }
  return document;
}

/** The values of a document. */
export function rawValues(document: Document): RawMap {
  const value = document.contents === null ? null : read(document.contents, document, 0);
  return value instanceof Map ? value : new Map();
}

function read(node: Node | null, document: Document, depth: number): RawValue {
  if (depth > MAX_DEPTH) throw new ConfigError("the configuration is nested too deeply");
  if (isAlias(node)) return read(node.resolve(document) ?? null, document, depth + 1);
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }): [string, RawValue] => {
      const name = read(asNode(key), document, depth + 1);
      return [typeof name === "string" ? name : "", read(asNode(value), document, depth + 1)];
    });
    return new Map(entries);
  }
  if (isSeq(node)) return node.items.map((item) => read(asNode(item), document, depth + 1));
  return isScalar(node) && !isEmptyScalar(node) ? scalarText(node.value, node.source) : null;
}

function asNode(value: unknown): Node | null {
  return isAlias(value) || isMap(value) || isSeq(value) || isScalar(value) ? value : null;
}

function scalarText(value: unknown, source: string | undefined): string {
  return typeof value === "string" ? value : (source ?? String(value));
}

function isEmptyScalar(node: unknown): boolean {
  if (!isScalar(node)) return false;
  return node.value === null && EMPTY_SCALARS.has(node.source ?? "");
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
