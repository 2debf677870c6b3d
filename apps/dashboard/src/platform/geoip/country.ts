import ipaddr from "ipaddr.js";

/**
 * The country code in a record of a MaxMind-format database, lower-case: of our default database, of IPinfo's and of MaxMind's own
 * shape. Without a country the continent stands in; "" when there is neither (spec 41 section 13.5).
 */
export function countryCode(record: unknown): string {
  if (!isObject(record)) return "";
  const { country, continent, country_code: plain } = record;
  const candidates = [plain, country, memberOf(country, "iso_code"), continent, memberOf(continent, "code")];
  const code = candidates.find((candidate) => typeof candidate === "string" && /^[a-z]{2}$/i.test(candidate));
  return typeof code === "string" ? code.toLowerCase() : "";
}

/** The address as it is looked up; `undefined` for texts that are none and for addresses that are nowhere in particular. */
export function publicAddress(ip: string): string | undefined {
  if (!ipaddr.isValid(ip)) return undefined;
  const address = ipaddr.process(ip);
  return address.range() === "unicast" ? address.toString() : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
