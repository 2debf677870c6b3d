import type { LookUp } from "../tasks/resolve.ts";
import { isErrorCode } from "../fault.ts";

/** First address by the system's own resolver, hosts file included. */
export const systemLookUp: LookUp = async (host) => {
  const { lookup } = await import("node:dns");
  return new Promise((resolve, reject) => {
    lookup(host, (error, address) => {
      if (error === null) resolve(address);
      else reject(isErrorCode(error, "ENOTFOUND") ? new Error(`lookup ${host}: no such host`) : error);
    });
  });
};

function createServerLookUp(servers: readonly string[]): LookUp {
  return async (host) => {
    const { Resolver } = await import("node:dns/promises");
    const resolver = new Resolver({ timeout: 5000, tries: 2 });
    resolver.setServers(servers);
    const addresses = await resolver.resolve4(host).catch(() => resolver.resolve6(host));
    const [first] = addresses;
    if (first === undefined) throw new Error(`lookup ${host}: no such host`);
    return first;
  };
}

/** The name servers given first, the system's when there are none or none of them answers (spec 21 section 8.1). */
export async function lookUpWith(host: string, servers: readonly string[]): Promise<string> {
  if (servers.length === 0) return systemLookUp(host);
  return createServerLookUp(servers)(host).catch(() => systemLookUp(host));
}
