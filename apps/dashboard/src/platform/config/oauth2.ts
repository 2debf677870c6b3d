import { KeyError } from "./config-error.ts";
import { parseFlag, parseText, parseTexts } from "./keys.ts";
import { lookUp } from "./raw.ts";
import type { RawMap, RawValue } from "./raw.ts";

/** A login provider as configured (spec 41 section 4.5). */
export interface Oauth2Provider {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly endpoint: { readonly authUrl: string; readonly tokenUrl: string };
  readonly scopes: readonly string[];
  readonly userInfoUrl: string;
  readonly userIdPath: string;
  /** Ours: where the provider describes itself. Endpoints that are not given come from there. */
  readonly issuer?: string;
  /** Ours: whether PKCE is used, whatever the provider says of itself. */
  readonly pkce?: boolean;
}

/** Providers by name, as written in the file. Each field comes from the file, else from the environment's provider of that name. */
export function readProviders(fromEnvironment: RawMap, fromFile: RawMap): Record<string, Oauth2Provider> {
  const names = new Set([...fromEnvironment.keys(), ...fromFile.keys()]);
  const providers = [...names].map((name): [string, Oauth2Provider] => {
    const path = `oauth2.${name}`;
    return [name, readProvider([section(fromFile.get(name), path), section(fromEnvironment.get(name), path)], path)];
  });
  return Object.fromEntries(providers);
}

function readProvider(layers: readonly RawMap[], path: string): Oauth2Provider {
  const endpoints = layers.map((layer) => section(lookUp(layer, "endpoint"), `${path}.endpoint`));
  const textOf = (from: readonly RawMap[], key: string): string => {
    const value = first(from, key);
    return value === undefined ? "" : parseText(value, `${path}.${key}`);
  };
  const scopes = first(layers, "scopes");
  const issuer = textOf(layers, "issuer");
  const pkce = first(layers, "pkce");
  return {
    clientId: textOf(layers, "client_id"),
    clientSecret: textOf(layers, "client_secret"),
    endpoint: { authUrl: textOf(endpoints, "auth_url"), tokenUrl: textOf(endpoints, "token_url") },
    scopes: scopes === undefined ? [] : parseTexts(scopes, `${path}.scopes`),
    userInfoUrl: textOf(layers, "user_info_url"),
    userIdPath: textOf(layers, "user_id_path"),
    ...(issuer === "" ? {} : { issuer }),
    ...(pkce === undefined ? {} : { pkce: parseFlag(pkce, `${path}.pkce`) }),
  };
}

function first(layers: readonly RawMap[], key: string): Exclude<RawValue, null> | undefined {
  for (const layer of layers) {
    const value = lookUp(layer, key);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** A section of the file; an absent or empty one has no keys. */
export function section(value: RawValue | undefined, path: string): RawMap {
  if (value === undefined || value === null || value === "") return new Map();
  if (value instanceof Map) return value;
  throw new KeyError(path, "must be a section");
}
