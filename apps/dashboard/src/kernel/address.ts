import ipaddr from "ipaddr.js";

/**
 * The one text under which an address is stored, compared and shown: mapped IPv4 dotted, IPv6 in short form and small letters, zone
 * dropped. `undefined` for what is no address.
 */
export function canonicalAddress(text: string): string | undefined {
  const bare = text.includes("%") ? text.slice(0, text.indexOf("%")) : text;
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return isPlainDecimal(bare) ? bare : undefined;
  if (!ipaddr.IPv6.isValid(bare)) return undefined;
  const address = ipaddr.process(bare);
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

/** The canonical form of what a socket says about its peer; a text that is no address stays as it is. */
export function plainAddress(address: string): string {
  // Nearly every peer is this; the rest is worth a parser.
  if (/^(?:::ffff:)?\d+\.\d+\.\d+\.\d+$/.test(address)) return address.slice(address.lastIndexOf(":") + 1);
  return canonicalAddress(address) ?? address;
}

const GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * Whom a canonical address stands for: an IPv4 address for itself, an IPv6 address for its /64, which is what one visitor has (spec 10
 * section 9.5).
 */
export function networkOf(canonical: string): string {
  if (!canonical.includes(":")) return canonical;
  const [head = "", tail] = canonical.split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: GROUPS - front.length - back.length }, () => "0");
  return `${[...front, ...zeros, ...back].slice(0, NETWORK_GROUPS).join(":")}::/64`;
}

/** `01.2.3.4` reads as octal in some places and as decimal in others: no address. */
function isPlainDecimal(text: string): boolean {
  return text.split(".").every((part) => part === String(Number(part)));
}
