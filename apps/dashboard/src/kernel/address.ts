/** `::ffff:192.0.2.1`, as dual-stack sockets report IPv4 peers, becomes `192.0.2.1`; anything else stays. */
export function plainAddress(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice("::ffff:".length) : address;
}
