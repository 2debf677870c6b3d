import { canonicalAddress } from "#kernel";

/** Value of `web_real_ip_header` and `agent_real_ip_header` that means the TCP peer. */
export const USE_PEER_IP = "NZ::Use-Peer-IP";

/** `ip` is "" when the setting says that no address is known. */
export type RealIp = { readonly ip: string } | { readonly error: string };

/**
 * The client address of a web request (spec 10 section 2.1).
 * @param setting config `web_real_ip_header`
 * @param header looks a header up by lower-case name; lists of values as Node gives them
 */
export function realIp(setting: string, peer: string, header: (name: string) => string | readonly string[] | undefined): RealIp {
  if (setting === "") return { ip: "" };
  if (setting === USE_PEER_IP) return fromPeer(peer);
  const value = header(setting.toLowerCase());
  const line = typeof value === "object" ? value[0] : value;
  if (line === undefined || line === "") return { error: "real ip header not found" };
  const last = line.slice(line.lastIndexOf(",") + 1).trim();
  const ip = canonicalAddress(last);
  return ip === undefined ? { error: `ParseAddr(${JSON.stringify(last)}): unable to parse IP` } : { ip };
}

function fromPeer(peer: string): RealIp {
  const ip = canonicalAddress(peer);
  return ip === undefined ? { error: "connecting ip not found" } : { ip };
}
