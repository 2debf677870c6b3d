import { BlockList, isIP } from "node:net";
import type { Socket } from "node:net";

/** A proxy that opens tunnels by CONNECT. */
export interface Proxy {
  readonly host: string;
  readonly port: number;
  /** Value of `Proxy-Authorization`; empty without credentials. */
  readonly authorization: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORT = 80;
const MAX_ANSWER_BYTES = 16 * 1024;

/**
 * The proxy that `HTTPS_PROXY` names for a host, unless `NO_PROXY` leaves it out; this machine itself is never reached
 * through one.
 *
 * @throws Error when the variable names no HTTP proxy
 */
export function proxyFor(host: string, environment: Environment): Proxy | undefined {
  const text = environment["HTTPS_PROXY"] || environment["https_proxy"];
  if (!text || isLocal(host) || isExcepted(host, environment["NO_PROXY"] || environment["no_proxy"] || "")) return undefined;
  const address = text.includes("://") ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || url.protocol !== "http:") throw new Error("HTTPS_PROXY must be an http:// address");
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? DEFAULT_PORT : Number(url.port),
    authorization: credentials === ":" ? "" : `Basic ${Buffer.from(credentials).toString("base64")}`,
  };
}

function isLocal(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/** Names match themselves and everything below them, addresses themselves or their network, `*` everything. */
function isExcepted(host: string, exceptions: string): boolean {
  return exceptions
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry === "*" || (entry !== "" && (isIP(host) === 0 ? isBelow(host.toLowerCase(), entry) : isInNetwork(host, entry))));
}

function isBelow(host: string, entry: string): boolean {
  const name = entry.replace(/^\*?\./, "");
  return host.endsWith(`.${name}`) || (host === name && !entry.startsWith("."));
}

function isInNetwork(address: string, entry: string): boolean {
  const [network = "", prefix] = entry.split("/", 2);
  const family = isIP(network) === 6 ? "ipv6" : "ipv4";
  if (isIP(network) === 0 || isIP(network) !== isIP(address)) return false;
  if (prefix === undefined) return network === address;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (family === "ipv6" ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family);
  return list.check(address, family);
}

/** Asks a proxy for a tunnel over a connected socket. Rejects when it is refused; the time limit is the caller's. */
export function openTunnel(socket: Socket, target: string, { authorization }: Proxy): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const finish = (error?: Error): void => {
      socket.off("data", onData).off("close", onClose).pause();
      if (error === undefined) resolve();
      else reject(error);
    };
    const onClose = (): void => finish(new Error("the proxy closed the connection"));
    const onData = (bytes: Buffer): void => {
      answer += bytes.toString("latin1");
      const end = answer.indexOf("\r\n\r\n");
      if (end < 0 && answer.length <= MAX_ANSWER_BYTES) return undefined;
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1];
      if (end < 0 || status !== "200") return finish(new Error(`the proxy refused the tunnel (${status ?? "no HTTP answer"})`));
      finish();
      // What follows the answer is the dashboard's already.
      if (answer.length > end + 4) socket.unshift(Buffer.from(answer.slice(end + 4), "latin1"));
      return undefined;
    };
    socket.on("data", onData).once("close", onClose);
    const credentials = authorization === "" ? "" : `Proxy-Authorization: ${authorization}\r\n`;
    socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${credentials}\r\n`);
  });
}
