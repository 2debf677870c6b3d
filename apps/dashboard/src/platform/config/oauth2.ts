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
  /** Ours. */
  readonly people?: ProviderPeople;
}

/** Who of a provider's people comes in, and as what. All of it is ours; Nezha lets in who is bound. */
export interface ProviderPeople {
  /** Claim that lists somebody's groups; dots descend. */
  readonly groupsClaim: string;
  /** Of verified e-mail addresses; empty: all. */
  readonly allowedDomains: readonly string[];
  /** Empty: all. */
  readonly allowedGroups: readonly string[];
  /** Groups by what their people are here. All empty: what somebody is here is said here. */
  readonly roles: { readonly administrator: readonly string[]; readonly member: readonly string[]; readonly viewer: readonly string[] };
  /** Whether who has no account here gets one. */
  readonly createAccounts: boolean;
  /** Whether signing out goes on at the provider, where it offers that. */
  readonly signOut: boolean;
}

/** What holds where a provider's section says nothing of people. */
export const NOBODY_IN_PARTICULAR: ProviderPeople = {
  groupsClaim: "groups",
  allowedDomains: [],
  allowedGroups: [],
  roles: { administrator: [], member: [], viewer: [] },
  createAccounts: false,
  signOut: true,
};

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
    ...(PEOPLE_KEYS.some((key) => first(layers, key) !== undefined) ? { people: readPeople(layers, path) } : {}),
    ...(pkce === undefined ? {} : { pkce: parseFlag(pkce, `${path}.pkce`) }),
  };
}

const PEOPLE_KEYS = ["groups_claim", "allowed_domains", "allowed_groups", "roles", "create_accounts", "sign_out"];

function readPeople(layers: readonly RawMap[], path: string): ProviderPeople {
  const roles = layers.map((layer) => section(lookUp(layer, "roles"), `${path}.roles`));
  const texts = (from: readonly RawMap[], key: string, at = path): readonly string[] => {
    const value = first(from, key);
    return value === undefined ? [] : parseTexts(value, `${at}.${key}`);
  };
  const flag = (key: string, fallback: boolean): boolean => {
    const value = first(layers, key);
    return value === undefined ? fallback : parseFlag(value, `${path}.${key}`);
  };
  const claim = first(layers, "groups_claim");
  const rolesOf = (role: string): readonly string[] => texts(roles, role, `${path}.roles`);
  return {
    groupsClaim: (claim === undefined ? "" : parseText(claim, `${path}.groups_claim`)) || NOBODY_IN_PARTICULAR.groupsClaim,
    allowedDomains: texts(layers, "allowed_domains"),
    allowedGroups: texts(layers, "allowed_groups"),
    roles: { administrator: rolesOf("administrator"), member: rolesOf("member"), viewer: rolesOf("viewer") },
    createAccounts: flag("create_accounts", NOBODY_IN_PARTICULAR.createAccounts),
    signOut: flag("sign_out", NOBODY_IN_PARTICULAR.signOut),
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
