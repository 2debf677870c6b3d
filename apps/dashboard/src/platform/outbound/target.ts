import ipaddr from "ipaddr.js";
import { OutboundError } from "./outbound-error.ts";

const NOT_ALLOWED = "HTTP URL target is not allowed";

/** With a host of its own: of `http:///x` or `http:x` the parser would make one. */
const WEB_URL = /^\s*https?:\/\/[^/\\?#]/i;

/** Addresses that were found to be allowed; nothing else may be connected to. */
export type Addresses = readonly { readonly address: string; readonly family: 4 | 6 }[];

/** A URL with its addresses. */
export interface Target {
  readonly url: URL;
  readonly addresses: Addresses;
}

export interface VettingDeps {
  /** All addresses of a name. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  readonly isAllowed: (address: string, port: number) => boolean;
}

/** Finds out where a URL leads. Fails with `refused` unless every address it stands for is allowed. */
export async function vetTarget(text: string, deps: VettingDeps): Promise<Target> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !WEB_URL.test(text)) throw new OutboundError("refused", NOT_ALLOWED);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return { url, addresses: await vetHost(host, port, deps) };
}

/** The addresses of a host. Fails with `refused` unless every one of them is allowed. */
export async function vetHost(host: string, port: number, deps: VettingDeps): Promise<Addresses> {
  const addresses = ipaddr.isValid(host) ? [host] : await resolveName(host, deps);
  if (addresses.length === 0) throw new OutboundError("unreachable", "the host has no address");
  if (!addresses.every((address) => deps.isAllowed(address, port))) throw new OutboundError("refused", NOT_ALLOWED);
  return addresses.map((address) => ({ address, family: ipaddr.parse(address).kind() === "ipv4" ? 4 : 6 }));
}

async function resolveName(host: string, deps: VettingDeps): Promise<readonly string[]> {
  try {
    return await deps.resolve(host);
  } catch (error) {
    throw new OutboundError("unreachable", "the host cannot be resolved", { cause: error });
  }
}
