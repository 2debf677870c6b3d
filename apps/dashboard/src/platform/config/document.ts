import { ConfigError } from "./config-error.ts";
import { changeText } from "./config-text.ts";
import type { KeyChange } from "./config-text.ts";
import { sectionKeys, topKeys } from "./keys.ts";
import type { Key } from "./keys.ts";
import { lookUp, looseKey, matchingKey, parseConfig } from "./raw.ts";
import type { ConfigSource, RawMap } from "./raw.ts";
import type { Plain } from "./scalar-text.ts";
import { OBSOLETE_REAL_IP_KEY } from "./values.ts";
import type { ConfigValues } from "./values.ts";

/** A value may be written by way of another that refers to it: each look at the new text may find one more that has to be written. */
const MOST_ROUNDS = 4;

/** Sets single keys and leaves every other byte as it is. */
export function patchDocument(source: ConfigSource, changes: Readonly<Record<string, string>>): string {
  return settled(source, ({ values }) =>
    Object.entries(changes).flatMap(([name, value]): KeyChange[] => (lookUp(values, name) === value ? [] : [{ kind: "set", name, value }])),
  );
}

export interface FillOptions {
  /** What variables give is not written: it would count from then on, also without them. */
  readonly environment: RawMap;
  /** Names that stay untouched. */
  readonly untouched: ReadonlySet<string>;
}

/**
 * Puts all known values into the file, as a full save of the reference does (spec 41 section 4.3), but keeps comments, order, unknown
 * keys, and values that mean the same as they are written. Keys of an older style get their present name.
 */
export function fillDocument(source: ConfigSource, values: ConfigValues, options: FillOptions): string {
  return settled(source, (current) => [
    ...Object.entries(topKeys).flatMap(([field, key]) => keyChange(current, key, Reflect.get(values, field), options)),
    ...Object.keys(sectionKeys).flatMap((name): KeyChange[] => (isAlone(current, name) ? [] : [{ kind: "section", name }])),
    ...(matchingKey(current.ownKeys, OBSOLETE_REAL_IP_KEY) === undefined ? [] : [{ kind: "remove", name: OBSOLETE_REAL_IP_KEY } as const]),
  ]);
}

/** Changes the text until it says what is wanted; it is never handed out when it does not. */
function settled(source: ConfigSource, wanted: (source: ConfigSource) => readonly KeyChange[]): string {
  let current = source;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const changes = wanted(current);
    if (changes.length === 0) return current.text;
    current = parseConfig(changeText(current, changes), source.path);
  }
  throw new ConfigError(`${source.path} is written in a way that cannot be changed without changing its meaning`);
}

function keyChange(
  { values: file, ownKeys }: ConfigSource,
  key: Key<string> | Key<number> | Key<boolean>,
  value: unknown,
  { environment, untouched }: FillOptions,
): KeyChange[] {
  const { name } = key;
  if (untouched.has(name) || !isPlain(value)) return [];
  const spelling = matchingKey(file.keys(), name);
  const given = lookUp(file, name) ?? lookUp(environment, name);
  const before = given === undefined ? (spelling === undefined ? undefined : key.zero) : reading(key, given);
  const isOwn = matchingKey(ownKeys, name) !== undefined;
  if (before === value || (before === key.zero && value === key.fallback))
    return isOwn && !isAlone({ ownKeys }, name) ? [{ kind: "rename", name }] : [];
  const mustShow = key.always || lookUp(environment, name) !== undefined || (spelling !== undefined && !isOwn);
  if (value !== key.zero || mustShow) return [{ kind: "set", name, value }];
  return isOwn ? [{ kind: "remove", name }] : [];
}

/** What a raw value says; `undefined` when the key cannot be read. */
function reading(key: Key<Plain>, raw: Exclude<ReturnType<typeof lookUp>, undefined>): Plain | undefined {
  try {
    return key.parse(raw, key.name);
  } catch {
    return undefined;
  }
}

/** The key stands there under its present name, and no other spelling beside it. */
function isAlone({ ownKeys }: Pick<ConfigSource, "ownKeys">, name: string): boolean {
  const spellings = [...ownKeys].filter((key) => looseKey(key) === looseKey(name));
  return spellings.length === 1 && spellings[0] === name;
}

function isPlain(value: unknown): value is Plain {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
