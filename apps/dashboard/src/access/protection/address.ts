import ipaddr from "ipaddr.js";
import { canonicalAddress } from "#kernel";

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
