import { limitKeys, sectionKeys, topKeys } from "./keys.ts";
import { looseKey } from "./raw.ts";
import type { RawMap, RawValue } from "./raw.ts";

const PREFIX = "NZ_";
/** Parts of a login provider (spec 41 section 4.5), without underscores. */
const PROVIDER_PARTS: Readonly<Record<string, readonly string[]>> = {
  clientid: ["client_id"],
  clientsecret: ["client_secret"],
  endpointauthurl: ["endpoint", "auth_url"],
  endpointtokenurl: ["endpoint", "token_url"],
  scopes: ["scopes"],
  userinfourl: ["user_info_url"],
  useridpath: ["user_id_path"],
  issuer: ["issuer"],
  pkce: ["pkce"],
};

/**
 * The values that `NZ_` variables give, in the shape of the file. The reference wants a key's own underscores removed
 * (`NZ_TSDB_DATAPATH`); names that keep them (`NZ_TSDB_DATA_PATH`) are understood too, the reference's form goes first
 * (spec 41 section 4.2). Empty variables count as absent.
 */
export function environmentValues(env: Readonly<Record<string, string | undefined>>): RawMap {
  const known = knownPaths();
  const root = new Map<string, RawValue>();
  // The shortest name has its underscores removed: it is set last and stays.
  const names = Object.keys(env).filter((name) => name.startsWith(PREFIX));
  for (const name of names.toSorted((a, b) => b.length - a.length)) {
    const value = env[name];
    const path = known.get(looseKey(name.slice(PREFIX.length))) ?? providerPath(name.slice(PREFIX.length));
    if (path !== undefined && value !== undefined && value !== "") assign(root, path, value);
  }
  return root;
}

/** The variable that gives the key with this path (`https.listen_port`), as it is spelled; `undefined` when there is none. */
export function variableOf(env: Readonly<Record<string, string | undefined>>, path: string): string | undefined {
  const wanted = looseKey(path.replaceAll(".", ""));
  const names = Object.keys(env).filter((name) => name.startsWith(PREFIX) && env[name] && looseKey(name.slice(PREFIX.length)) === wanted);
  return names.toSorted((a, b) => a.length - b.length)[0];
}

function knownPaths(): ReadonlyMap<string, readonly string[]> {
  const paths: string[][] = Object.values(topKeys).map((key) => [key.name]);
  for (const [section, keys] of Object.entries(sectionKeys)) {
    for (const key of Object.values(keys)) paths.push([section, key.name]);
  }
  for (const { name } of limitKeys) paths.push(["limits", name]);
  paths.push(["history"], ["history_token"], ["bus"], ["database"]);
  return new Map(paths.map((path) => [looseKey(path.join("")), path]));
}

/** `OAUTH2_<NAME>_<PART>`: the provider's name becomes lower-case. */
function providerPath(name: string): readonly string[] | undefined {
  const [section, ...segments] = name.toLowerCase().split("_");
  if (section !== "oauth2") return undefined;
  for (let length = 1; length < segments.length; length++) {
    const part = PROVIDER_PARTS[segments.slice(length).join("")];
    if (part !== undefined) return ["oauth2", segments.slice(0, length).join("_"), ...part];
  }
  return undefined;
}

function assign(root: Map<string, RawValue>, path: readonly string[], value: string): void {
  const [segment = "", ...rest] = path;
  if (rest.length === 0) {
    root.set(segment, value);
    return;
  }
  const present = root.get(segment);
  const child = new Map<string, RawValue>(present instanceof Map ? present : []);
  root.set(segment, child);
  assign(child, rest, value);
}
