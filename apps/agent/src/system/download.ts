import type { IncomingMessage } from "node:http";
import type { Download } from "../update/updater.ts";
import { responseTo } from "./response-to.ts";

const TIMEOUT_MS = 120_000;
const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Redirects are followed, never from TLS to plain text; the proxy of the environment is honoured. */
export const download: Download = async (address, maxBytes) => {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  let url = new URL(address);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const { statusCode = 0, headers, body } = await get(url, maxBytes, signal);
    if (statusCode === 200) return body;
    const next = REDIRECTS.has(statusCode) && headers.location !== undefined ? new URL(headers.location, url) : undefined;
    if (next === undefined) throw new Error(`${url.href} answers ${statusCode}`);
    if (next.protocol !== "https:" && url.protocol === "https:") throw new Error(`${url.href} leads to plain text`);
    url = next;
  }
  throw new Error(`${address}: more than ${MAX_REDIRECTS} redirects`);
};

type Answer = Pick<IncomingMessage, "statusCode" | "headers"> & { readonly body: Buffer };

async function get(url: URL, maxBytes: number, signal: AbortSignal): Promise<Answer> {
  const { request, Agent } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
  const { authorities } = await import("./authorities.ts");
  const ca = url.protocol === "https:" ? { ca: [...(await authorities())] } : {};
  const agent = new Agent({ proxyEnv: process.env, ...ca });
  try {
    const call = request(url, { agent, signal, headers: { "User-Agent": "windfire-agent" } });
    call.end();
    const response = await responseTo(call);
    const { statusCode, headers } = response;
    return { statusCode, headers, body: await readUpTo(response, maxBytes, url) };
  } finally {
    agent.destroy();
  }
}

async function readUpTo(response: IncomingMessage, maxBytes: number, url: URL): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > maxBytes) throw new Error(`${url.href} is larger than ${maxBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
