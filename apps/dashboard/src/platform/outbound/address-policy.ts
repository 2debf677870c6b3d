import ipaddr from "ipaddr.js";

/** Nobody configures a URL to reach these: ourselves, private networks, documentation, multicast, and ways around such a list. */
const REFUSED_IPV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  // The address at which one cloud's machines ask for their secrets; public by number, local by meaning.
  "168.63.129.16/32",
].map((range) => ipaddr.IPv4.parseCIDR(range));

/** Only these are handed out to the public. */
const PUBLIC_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");
/** Parts of them that are not, or that carry an IPv4 address inside. */
const REFUSED_IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].map((range) => ipaddr.IPv6.parseCIDR(range));

/**
 * Whether a request on behalf of a user may go to this address (spec 10 section 19, 41 section 13.7). An IPv4 address inside an IPv6
 * one is judged as IPv4. Text that is no address is refused.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address instanceof ipaddr.IPv4) return !REFUSED_IPV4.some((range) => address.match(range));
  return address.match(PUBLIC_IPV6) && !REFUSED_IPV6.some((range) => address.match(range));
}
