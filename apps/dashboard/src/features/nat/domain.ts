import { isIP } from "node:net";

/** A tunnel's domain, taken apart and written in one way (spec 11 section 11.3). */
export interface Domain {
  /** Lower case, international names in ASCII, without the last dot; a literal address in its canonical form. */
  readonly host: string;
  /** Empty, or a colon and the number. */
  readonly port: string;
  /** An address in a spelling that browsers understand, or a name of the machine itself (`localhost`). */
  readonly isLiteral: boolean;
}

/** Letters, digits, hyphens and dots, and what an international name is written in before it is turned into those. */
const TEXT = /^(\[[0-9a-f:.]+\]|[a-z0-9.\-\u0080-\u{10ffff}]+)(?::(\d{1,5}))?$/iu;
const DNS_NAME = /^(?=.{1,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*$/;
const MAX_PORT = 65_535;

/** @returns undefined for what is no host name with or without a port */
export function parseDomain(text: string): Domain | undefined {
  const trimmed = text.trim();
  if (isIP(trimmed) === 6) return { host: canonical(`[${trimmed}]`) ?? trimmed, port: "", isLiteral: true };
  const [, name = "", digits] = TEXT.exec(trimmed) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  if (name === "" || port === 0 || (port ?? 0) > MAX_PORT) return undefined;
  const host = hostOf(name);
  return host && { ...host, port: port === undefined ? "" : `:${port}` };
}

/** Whether seen hosts may hold a name (spec 30 section 6.1). */
export function isDnsName(host: string): boolean {
  return DNS_NAME.test(host);
}

/** What tunnels are looked up by: a `Host` as it came, without regard to case and one trailing dot; the port is text. */
export function lookupKey(authority: string): string {
  return authority.toLowerCase().replace(/\.(?=(?::\d*)?$)/, "");
}

function hostOf(name: string): Pick<Domain, "host" | "isLiteral"> | undefined {
  // Nobody's browser takes an IPv4 address in brackets; people and the reference's settings do.
  const inner = /^\[(.*)\]$/.exec(name)?.[1];
  if (inner !== undefined && isIP(inner) === 4) return { host: inner, isLiteral: true };
  const host = canonical(name);
  if (host === undefined) return undefined;
  if (isIP(host) !== 0) return { host, isLiteral: true };
  if (!isDnsName(host)) return undefined;
  return { host, isLiteral: host === "localhost" || host.endsWith(".localhost") };
}

/** A host as browsers read it: `127.1`, `0x7f000001` and full-width digits are addresses, capitals and umlauts are names in ASCII. */
function canonical(name: string): string | undefined {
  const address = `http://${name}/`;
  if (!URL.canParse(address)) return undefined;
  const host = new URL(address).hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  // An IPv4 address inside of an IPv6 one is that IPv4 address.
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
  if (mapped === null) return host;
  const [high = 0, low = 0] = mapped.slice(1).map((part) => parseInt(part, 16));
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".");
}
