import type { Socket } from "node:net";
import { plainAddress } from "#kernel";

/** Peer without port, IPv4 dotted. Undefined when the peer is gone already. */
export function peerOf({ remoteAddress }: Pick<Socket, "remoteAddress">): string | undefined {
  return remoteAddress === undefined ? undefined : plainAddress(remoteAddress);
}

/** Host for `net`: an IPv6 literal may come in brackets, "" means all interfaces. */
export function bindHost(host: string): string | undefined {
  if (host === "") return undefined;
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}
