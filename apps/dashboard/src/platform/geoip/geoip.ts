import { readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Clock, Timer } from "@windfire/kit";
import { Reader } from "maxmind";
import { countryCode, publicAddress } from "./country.ts";

/** How often the operator's file is looked at for changes. */
const CHECK_EVERY_MS = 30_000;
/** The database is let go of after this long without a lookup: it takes 8 MB. */
const IDLE_MS = 10 * 60_000;

/** Where addresses are. */
export interface GeoIp {
  /** Lower-case country code of a public address; "" for private, unknown and unreadable ones. Never fails. */
  countryOf(ip: string): Promise<string>;
  stop(): void;
}

export interface GeoIpDeps {
  /** A database of the operator's own (`geoip.mmdb` beside the SQLite file); goes before the default one while it is there. */
  readonly ownFile: string;
  readonly clock: Clock;
  readonly log: { warn(text: string): void };
  /** The default database; that of the package unless a test says otherwise. */
  readonly defaultFile?: string;
}

interface Loaded {
  readonly reader: { get(ip: string): unknown };
  /** Tells one state of the files from another. */
  readonly version: string;
}

/** Reads nothing until the first lookup. */
export function createGeoIp(deps: GeoIpDeps): GeoIp {
  const { clock, log } = deps;
  let loading: Promise<Loaded | undefined> | undefined;
  let checkedAt = Number.NEGATIVE_INFINITY;
  let idle: Timer | undefined;

  const load = async (before: Loaded | undefined): Promise<Loaded | undefined> => {
    const defaultFile = deps.defaultFile ?? packagedFile();
    const [own, packaged] = [await versionOf(deps.ownFile), await versionOf(defaultFile)];
    const version = `${own} ${packaged}`;
    if (before?.version === version) return before;
    for (const [file, present] of [
      [deps.ownFile, own],
      [defaultFile, packaged],
    ] as const) {
      if (present === "") continue;
      try {
        return { reader: new Reader(await readFile(file)), version };
      } catch (error) {
        log.warn(`${file} is not a readable country database: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return { reader: { get: () => null }, version };
  };
  const current = (): Promise<Loaded | undefined> => {
    if (loading !== undefined && clock.monotonic() - checkedAt < CHECK_EVERY_MS) return loading;
    checkedAt = clock.monotonic();
    loading = Promise.resolve(loading).then(load);
    return loading;
  };
  const stop = (): void => {
    idle?.cancel();
    idle = undefined;
    loading = undefined;
  };

  return {
    countryOf: async (ip) => {
      const address = publicAddress(ip);
      if (address === undefined) return "";
      idle?.cancel();
      idle = clock.setTimeout(stop, IDLE_MS).unref();
      const loaded = await current();
      return lookUp(loaded, address);
    },
    stop,
  };
}

function lookUp(loaded: Loaded | undefined, address: string): string {
  try {
    return countryCode(loaded?.reader.get(address));
  } catch {
    // A damaged record, or an IPv6 address in a database of IPv4.
    return "";
  }
}

async function versionOf(file: string): Promise<string> {
  return stat(file).then(
    ({ mtimeMs, size }) => `${mtimeMs}:${size}`,
    () => "",
  );
}

function packagedFile(): string {
  return createRequire(import.meta.url).resolve("@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb");
}
