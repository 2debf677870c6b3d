import { isIP } from "node:net";
import { faultText } from "../fault.ts";

/** First address of a host. @throws the resolver's error */
export type LookUp = (host: string) => Promise<string>;

/** An address, or the text that a probe answers with when there is none. */
export type Resolved = { readonly address: string } | { readonly error: string };

const MAX_HOST_CHARACTERS = 253;
const HOST_NAME = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_.])?$/u;

/** Addresses stay as they are; a text that can be no host name is not looked up. */
export async function resolveHost(host: string, lookUp: LookUp): Promise<Resolved> {
  if (isIP(host) !== 0) return { address: host };
  if (host.length > MAX_HOST_CHARACTERS || !HOST_NAME.test(host)) return { error: `无法解析 ${host}` };
  try {
    return { address: await lookUp(host) };
  } catch (error) {
    return { error: faultText(error) };
  }
}
