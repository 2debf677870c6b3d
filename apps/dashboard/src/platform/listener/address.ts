import type { Socket } from "node:net";

/** Peer without port; IPv4 dotted, also where a dual-stack socket reports `::ffff:192.0.2.1`. Undefined when the peer is gone already. */
export function peerOf(socket: Pick<Socket, "remoteAddress">): string | undefined {
  const address = socket.remoteAddress;
  return address?.startsWith("::ffff:") && address.includes(".") ? address.slice("::ffff:".length) : address;
}

/** Host for `net`: an IPv6 literal may come in brackets, "" means all interfaces. */
export function bindHost(host: string): string | undefined {
  if (host === "") return undefined;
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}
