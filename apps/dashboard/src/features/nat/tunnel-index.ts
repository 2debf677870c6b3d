import { lookupKey, parseDomain } from "./domain.ts";
import type { NatProfile } from "./model.ts";
import type { NatRecords } from "./store.ts";

/** Which tunnel a host name has. */
export interface TunnelIndex {
  /** The tunnel of a request's `Host`; none for stored domains that are no host names. */
  byAuthority(authority: string): NatProfile | undefined;
  /** Whether some tunnel of whatever port, spelling or state has this host (lower case, without port). */
  hasHost(host: string): boolean;
}

/** Follows the rows; built anew at the first look after a change. */
export function createTunnelIndex(profiles: Pick<NatRecords, "list" | "subscribe">): TunnelIndex {
  let built: { keys: ReadonlyMap<string, NatProfile>; hosts: ReadonlySet<string> } | undefined;
  const index = (): NonNullable<typeof built> => (built ??= { keys: keysOf(profiles.list()), hosts: hostsOf(profiles.list()) });
  const forget = (): void => void (built = undefined);
  profiles.subscribe({ changed: forget, reloaded: forget });
  return {
    byAuthority(authority) {
      const { keys } = index();
      return keys.size === 0 ? undefined : keys.get(lookupKey(authority));
    },
    hasHost: (host) => index().hosts.has(host),
  };
}

/** Older databases may hold twins: the one that is spelled as browsers spell it has always had the requests, else the first. */
function keysOf(rows: readonly NatProfile[]): ReadonlyMap<string, NatProfile> {
  const keys = new Map<string, NatProfile>();
  for (const profile of rows) {
    const key = domainKey(profile.domain);
    if (key !== undefined && (!keys.has(key) || profile.domain === key)) keys.set(key, profile);
  }
  return keys;
}

function hostsOf(rows: readonly NatProfile[]): ReadonlySet<string> {
  return new Set(rows.flatMap(({ domain }) => parseDomain(domain)?.host ?? []));
}

/** A domain as it is looked up and compared; undefined for what is no host name. */
export function domainKey(text: string): string | undefined {
  const domain = parseDomain(text);
  return domain && domain.host + domain.port;
}
