import { readProviders } from "./oauth2.ts";
import type { Oauth2Provider } from "./oauth2.ts";
import type { ProviderFields } from "./provider-text.ts";
import type { RawMap, RawValue } from "./raw.ts";

/** Keys of a provider that mean something. */
const KEYS = [
  "issuer",
  "client_id",
  "client_secret",
  "endpoint",
  "user_info_url",
  "user_id_path",
  "scopes",
  "pkce",
  "groups_claim",
  "allowed_domains",
  "allowed_groups",
  "roles",
  "create_accounts",
  "sign_out",
] as const;

/** The same with every key named: those that say nothing are left out where it is written. */
export function allFields(fields: ProviderFields): ProviderFields {
  return { ...Object.fromEntries(KEYS.map((key) => [key, undefined])), ...fields };
}

/** The same as a provider that was read is written: what says nothing is left out. @throws {ConfigError} that names the key */
export function plainFields(fields: ProviderFields): ProviderFields {
  const { provider } = readProviders(new Map(), new Map([["provider", rawFields(fields)]]));
  return provider === undefined ? {} : fieldsOfProvider(provider);
}

/** As if they had been read from a file. */
export function rawFields(fields: Readonly<Record<string, unknown>>): RawMap {
  return new Map(Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, rawValue(value)] as const])));
}

function rawValue(value: unknown): RawValue {
  if (Array.isArray(value)) return value.map(rawValue);
  return typeof value === "object" && value !== null ? rawFields({ ...value }) : String(value);
}

/** A provider as it is written; what says nothing is left out. */
export function fieldsOfProvider({ clientId, clientSecret, endpoint, people, ...provider }: Oauth2Provider): ProviderFields {
  const roles = people && written(people.roles);
  const endpoints = written({ auth_url: endpoint.authUrl, token_url: endpoint.tokenUrl });
  return written({
    issuer: provider.issuer,
    client_id: clientId,
    client_secret: clientSecret,
    endpoint: Object.keys(endpoints).length === 0 ? undefined : endpoints,
    user_info_url: provider.userInfoUrl,
    user_id_path: provider.userIdPath,
    scopes: provider.scopes,
    pkce: provider.pkce,
    ...(people && {
      groups_claim: people.groupsClaim,
      allowed_domains: people.allowedDomains,
      allowed_groups: people.allowedGroups,
      roles: roles && Object.keys(roles).length === 0 ? undefined : roles,
      create_accounts: people.createAccounts,
      sign_out: people.signOut,
    }),
  });
}

function written(fields: ProviderFields): ProviderFields {
  const isSaid = (value: unknown): boolean => value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => isSaid(value)));
}
