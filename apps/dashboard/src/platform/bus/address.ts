/** Where NATS is, and how to sign in there. */
export interface BusAddress {
  /** `nats://host:port`, of each server, without credentials. */
  readonly servers: readonly string[];
  readonly tls: boolean;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
}

const SCHEME = /^(nats|tls):\/\//;

/**
 * Reads `nats://user:password@host:4222`, `tls://token@host`, or several with commas between; the credentials of the first hold for all.
 *
 * @returns a sentence without credentials where it cannot be used
 */
export function parseBusAddress(text: string): BusAddress | string {
  const urls: URL[] = [];
  for (const each of text.split(",")) {
    const address = each.trim();
    const url = SCHEME.test(address) ? URL.parse(address) : null;
    if (url === null || url.hostname === "") return "must be nats://host:port or tls://host:port, or several with commas between";
    if (!["", "/"].includes(url.pathname) || url.search !== "" || url.hash !== "") return "has something behind host and port: take it out";
    urls.push(url);
  }
  const [first] = urls;
  if (first === undefined) return "names no server";
  if (urls.some(({ protocol }) => protocol !== first.protocol)) return "mixes nats:// and tls://";
  const [name, password] = [decodeURIComponent(first.username), decodeURIComponent(first.password)];
  return {
    servers: urls.map(({ hostname, port }) => `nats://${hostname}:${port || "4222"}`),
    tls: first.protocol === "tls:",
    ...(password === "" ? {} : { user: name, password }),
    ...(name !== "" && password === "" ? { token: name } : {}),
  };
}
