import ipaddr from "ipaddr.js";

/** Text of an address as it is stored, compared and shown: mapped IPv4 dotted, IPv6 in short form, zone dropped. */
export function canonicalAddress(text: string): string | undefined {
  const bare = text.includes("%") ? text.slice(0, text.indexOf("%")) : text;
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return isPlainDecimal(bare) ? bare : undefined;
  if (!ipaddr.IPv6.isValid(bare)) return undefined;
  const address = ipaddr.process(bare);
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

/** 16 bytes as the table `nz_waf` keeps them, IPv4 as `::ffff:a.b.c.d` (spec 41 section 10.11). */
export function addressBytes(canonical: string): Uint8Array {
  const address = ipaddr.parse(canonical);
  return Uint8Array.from((address instanceof ipaddr.IPv4 ? address.toIPv4MappedAddress() : address).toByteArray());
}

/** The other way; damaged rows may hold 4 bytes. `undefined` for any other length. */
export function addressFromBytes(bytes: Uint8Array): string | undefined {
  if (bytes.length !== 4 && bytes.length !== 16) return undefined;
  return canonicalAddress(ipaddr.fromByteArray([...bytes]).toString());
}

/** `01.2.3.4` reads as octal in some places and as decimal in others: no address. */
function isPlainDecimal(text: string): boolean {
  return text.split(".").every((part) => part === String(Number(part)));
}
