import { Resolver } from "node:dns/promises";

/** Asked when the setting `dns_servers` is empty (spec 30 section 5.4). */
const PUBLIC_SERVERS = [
  "8.8.8.8",
  "8.8.4.4",
  "1.1.1.1",
  "1.0.0.1",
  "[2001:4860:4860::8888]",
  "[2001:4860:4860::8844]",
  "[2606:4700:4700::1111]",
  "[2606:4700:4700::1001]",
];
const TIMEOUT_MS = 3_000;
/** The server itself does not answer: it is not asked for the rest of the name. */
const SILENT = new Set(["ETIMEOUT", "ECONNREFUSED", "ECANCELLED", "EDESTRUCTION"]);

/** Asks one DNS server what it says of a name. */
export interface ZoneQuestion {
  /** Whether the name is the top of a zone; `undefined` when the server does not answer. */
  (server: string, name: string, signal: AbortSignal): Promise<boolean | undefined>;
}

export interface ZoneDeps {
  /** Setting `dns_servers`: comma separated, the port may be left out. */
  readonly servers: () => string;
  readonly isZone?: ZoneQuestion;
}

export interface Zone {
  readonly zone: string;
  /** What is before it; "" at its apex. */
  readonly prefix: string;
}

/** Finds the zone a name lies in: the longest end of it that has an SOA record. `undefined`: none is known. */
export type ZoneFinder = (domain: string, signal: AbortSignal) => Promise<Zone | undefined>;

/** See {@link ZoneFinder}. */
export function createZoneFinder({ servers, isZone = askForZone }: ZoneDeps): ZoneFinder {
  return async (domain, signal) => {
    const labels = domain.split(".");
    for (const server of listed(servers())) {
      for (let at = 0; at < labels.length && !signal.aborted; at++) {
        const zone = labels.slice(at).join(".");
        const found = await isZone(server, zone, signal);
        if (found === true) return { zone, prefix: labels.slice(0, at).join(".") };
        if (found === undefined) break;
      }
    }
    return undefined;
  };
}

function listed(setting: string): readonly string[] {
  const servers = setting
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  return servers.length > 0 ? servers : PUBLIC_SERVERS;
}

/** An alias is not the top of a zone, though the answer to it may hold the SOA record of the name it leads to. */
async function askForZone(server: string, name: string, signal: AbortSignal): Promise<boolean | undefined> {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 });
  const stop = (): void => resolver.cancel();
  signal.addEventListener("abort", stop, { once: true });
  try {
    resolver.setServers([server]);
    await resolver.resolveSoa(name);
    return !(await isAlias(resolver, name));
  } catch (error) {
    const code = codeOf(error);
    // An entry that is no address cannot be asked at all.
    return SILENT.has(code) || code.startsWith("ERR_") ? undefined : false;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

async function isAlias(resolver: Resolver, name: string): Promise<boolean> {
  try {
    return (await resolver.resolveCname(name)).length > 0;
  } catch {
    return false;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
