import { isMap, isScalar, Pair, Scalar, YAMLMap } from "yaml";
import type { Document } from "yaml";
import { sectionKeys, topKeys } from "./keys.ts";
import type { Key } from "./keys.ts";
import { section } from "./oauth2.ts";
import type { Oauth2Provider } from "./oauth2.ts";
import { lookUp, looseKey, matchingKey, rawValues } from "./raw.ts";
import type { RawMap } from "./raw.ts";
import { OBSOLETE_REAL_IP_KEY } from "./values.ts";
import type { ConfigValues } from "./values.ts";

type Plain = string | number | boolean;
type ConfigMap = YAMLMap;

/** The text of the file: long values stay on one line, lists are not indented, as the reference writes them. */
export function renderDocument(document: Document): string {
  return document.toString({ lineWidth: 0, indentSeq: false, flowCollectionPadding: false });
}

/** Sets single keys and leaves everything else as it is. */
export function patchDocument(document: Document, changes: Readonly<Record<string, Plain>>): void {
  const map = rootMap(document);
  for (const [name, value] of Object.entries(changes)) setValue(map, name, value);
}

/**
 * Puts all known values into the document, as a full save of the reference does (spec 41 section 4.3), but keeps comments, order,
 * unknown keys and values that mean the same. Keys of an older style get their present name. `skip`: names that stay untouched.
 */
export function fillDocument(document: Document, values: ConfigValues, skip: ReadonlySet<string>): void {
  const present = rawValues(document);
  const map = rootMap(document);
  removeLoose(map, OBSOLETE_REAL_IP_KEY);
  fillMap(map, present, topKeys, values, skip);
  for (const name of ["https", "memory", "tsdb"] as const) {
    fillMap(sectionOf(map, name), section(lookUp(present, name), name), sectionKeys[name], values[name], skip);
  }
  addProviders(map, values.oauth2);
}

function rootMap(document: Document): ConfigMap {
  if (isMap(document.contents)) return document.contents;
  const map: ConfigMap = new YAMLMap();
  document.contents = map as typeof document.contents;
  return map;
}

function fillMap(
  map: ConfigMap,
  present: RawMap,
  keys: Readonly<Record<string, Key<string> | Key<number> | Key<boolean>>>,
  values: object,
  skip: ReadonlySet<string>,
): void {
  for (const [field, key] of Object.entries(keys)) {
    const value: unknown = Reflect.get(values, field);
    if (skip.has(key.name) || !isPlain(value)) continue;
    const before = presentValue(present, key);
    const isOmitted = (value === key.zero && !key.always) || (key.implied && before === undefined && value === key.fallback);
    if (before === value) renameLoose(map, key.name);
    else if (isOmitted) removeLoose(map, key.name);
    else setValue(map, key.name, value);
  }
}

/** What the file says about a key now, in the key's own reading; `undefined` when it is absent or unreadable. */
function presentValue(present: RawMap, key: Key<Plain>): Plain | undefined {
  const raw = lookUp(present, key.name);
  if (raw === undefined) return undefined;
  try {
    return key.parse(raw, key.name);
  } catch {
    return undefined;
  }
}

function setValue(map: ConfigMap, name: string, value: Plain): void {
  renameLoose(map, name);
  const pair = map.items.find((item) => keyText(item) === name);
  if (pair === undefined) insert(map, new Pair(new Scalar(name), scalar(value)));
  else pair.value = inPlaceOf(pair.value, scalar(value));
}

/** A new value keeps the comments of the old one. */
function inPlaceOf(old: unknown, fresh: Scalar): Scalar {
  if (isScalar(old)) {
    fresh.comment = old.comment ?? null;
    fresh.commentBefore = old.commentBefore ?? null;
    fresh.spaceBefore = old.spaceBefore ?? false;
  }
  return fresh;
}

/** Sorted files stay sorted; in others new keys go to the end. */
function insert(map: ConfigMap, pair: Pair): void {
  const names = keysOf(map);
  const isSorted = names.every((name, index) => index === 0 || (names[index - 1] ?? "") <= name);
  const position = isSorted ? names.findIndex((name) => name > keyText(pair)) : -1;
  map.items.splice(position === -1 ? map.items.length : position, 0, pair);
}

function sectionOf(map: ConfigMap, name: string): ConfigMap {
  renameLoose(map, name);
  const pair = map.items.find((item) => keyText(item) === name);
  if (isMap(pair?.value)) return pair.value;
  const created: ConfigMap = new YAMLMap();
  if (pair === undefined) insert(map, new Pair(new Scalar(name), created));
  else pair.value = created;
  return created;
}

/** Providers that came from the environment; those in the file stay as they are. */
function addProviders(map: ConfigMap, providers: Readonly<Record<string, Oauth2Provider>>): void {
  if (Object.keys(providers).length === 0) return;
  const target = sectionOf(map, "oauth2");
  for (const [name, provider] of Object.entries(providers)) {
    if (keysOf(target).includes(name)) continue;
    const node: ConfigMap = new YAMLMap();
    const endpoint: ConfigMap = new YAMLMap();
    setValue(endpoint, "auth_url", provider.endpoint.authUrl);
    setValue(endpoint, "token_url", provider.endpoint.tokenUrl);
    setValue(node, "client_id", provider.clientId);
    setValue(node, "client_secret", provider.clientSecret);
    insert(node, new Pair(new Scalar("endpoint"), endpoint));
    insert(node, new Pair(new Scalar("scopes"), [...provider.scopes]));
    setValue(node, "user_id_path", provider.userIdPath);
    setValue(node, "user_info_url", provider.userInfoUrl);
    insert(target, new Pair(new Scalar(name), node));
  }
}

/** One key under its present name: an older spelling is renamed where it stands, further ones go. */
function renameLoose(map: ConfigMap, name: string): void {
  const kept = matchingKey(keysOf(map), name);
  let found = false;
  map.items = map.items.filter((item) => {
    if (looseKey(keyText(item)) !== looseKey(name)) return true;
    const isKept = keyText(item) === kept && !found;
    if (isKept) {
      found = true;
      if (keyText(item) !== name) item.key = renamed(item.key, name);
    }
    return isKept;
  });
}

function renamed(old: unknown, name: string): Scalar {
  return inPlaceOf(old, new Scalar(name));
}

function removeLoose(map: ConfigMap, name: string): void {
  const kept: ConfigMap["items"] = [];
  let orphaned = "";
  for (const item of map.items) {
    if (looseKey(keyText(item)) === looseKey(name)) {
      orphaned += commentAbove(item);
      continue;
    }
    if (orphaned !== "" && isScalar(item.key)) {
      item.key.commentBefore = orphaned + commentAbove(item);
      orphaned = "";
    }
    kept.push(item);
  }
  map.items = kept;
}

/** Lines above a key belong to the file, not to the key alone: they move on when the key goes. */
function commentAbove(pair: Pair): string {
  return isScalar(pair.key) && pair.key.commentBefore ? pair.key.commentBefore : "";
}

function keysOf(map: ConfigMap): string[] {
  return map.items.map(keyText);
}

function keyText(pair: Pair): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key);
}

function isPlain(value: unknown): value is Plain {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** Texts that a YAML 1.1 reader would take for something else: its booleans, dates, and numbers YAML 1.2 does not have. */
const AMBIGUOUS = /^(?:y|n|yes|no|on|off|[-+]?\d[\d_]*_[\d_]*|0b[01_]+|\d{4}-\d\d?-\d\d?.*)$/i;

function scalar(value: Plain): Scalar {
  const node = new Scalar(value);
  if (typeof value === "string" && AMBIGUOUS.test(value)) node.type = Scalar.QUOTE_DOUBLE;
  return node;
}
