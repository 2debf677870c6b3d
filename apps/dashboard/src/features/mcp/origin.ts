import { BlockList, isIP } from "node:net";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/**
 * Whether a request may come from where it says (spec 40 section 2): no `Origin`, or the very host and port it asks for. A dashboard that
 * listens on loopback only answers only to loopback names, which keeps rebound names out.
 *
 * @param host `Host` of the request
 * @param listenHost `listen_host` of the configuration
 */
export function originAllowed(origin: string, host: string, listenHost: string): boolean {
  const trimmed = origin.trim();
  if (trimmed === "") return true;
  const authority = authorityOf(trimmed);
  if (authority === undefined || authority.toLowerCase() !== host.toLowerCase()) return false;
  return !isLoopbackName(withoutBrackets(listenHost.trim())) || isLoopbackName(nameOf(host));
}

/** As written: a default port is kept, since it is compared with `Host` letter by letter. */
function authorityOf(origin: string): string | undefined {
  if (!URL.canParse(origin)) return undefined;
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(origin)?.[1];
  const host = authority?.slice(authority.lastIndexOf("@") + 1);
  return host === "" ? undefined : host;
}

function nameOf(host: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host)?.[1];
  return bracketed ?? host.replace(/:\d*$/, "");
}

function withoutBrackets(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}

function isLoopbackName(name: string): boolean {
  if (name.toLowerCase() === "localhost") return true;
  const family = isIP(name);
  return family !== 0 && loopback.check(name, family === 4 ? "ipv4" : "ipv6");
}
