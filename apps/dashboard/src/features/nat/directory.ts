import { lookupKey, parseDomain } from "./domain.ts";
import type { NatProfile } from "./model.ts";

/** All tunnels in memory, and which of them a host name has. */
export interface NatDirectory {
  /** By id. */
  list(): readonly NatProfile[];
  get(id: number): NatProfile | undefined;
  /** The tunnel of a request's `Host`; none for stored domains that are no host names. */
  byAuthority(authority: string): NatProfile | undefined;
  /** Whether some tunnel of whatever port, spelling or state has this host (lower case, without port). */
  hasHost(host: string): boolean;
  replace(rows: readonly NatProfile[]): void;
}

export function createNatDirectory(stored: readonly NatProfile[]): NatDirectory {
  let rows = stored;
  let keys = keysOf(rows);
  let hosts = hostsOf(rows);
  return {
    list: () => rows,
    get: (id) => rows.find((profile) => profile.id === id),
    byAuthority: (authority) => (keys.size === 0 ? undefined : keys.get(lookupKey(authority))),
    hasHost: (host) => hosts.has(host),
    replace(next) {
      rows = next;
      keys = keysOf(rows);
      hosts = hostsOf(rows);
    },
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
