import type { IncomingMessage, RequestOptions } from "node:http";
import type { FetchPage } from "../collect/index.ts";
import { responseTo } from "./response-to.ts";

const TIMEOUT_MS = 20_000;
const MAX_BODY_CHARACTERS = 64 * 1024;
const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** One GET over one family; the proxy of the environment is honoured, redirects are followed, never from TLS to plain text. */
export const fetchPage: FetchPage = async (page, family) => {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  let url = new URL(page);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const answer = await get(url, { family, signal });
    if (answer.location === undefined) return answer.body;
    url = redirected(url, answer.location);
  }
  throw new Error(`more than ${MAX_REDIRECTS} redirects`);
};

interface Answer {
  readonly body: string;
  /** Where to ask instead. */
  readonly location: string | undefined;
}

async function get(url: URL, options: RequestOptions): Promise<Answer> {
  const { request, Agent } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
  const agent = new Agent({ proxyEnv: process.env });
  try {
    const call = request(url, { ...options, agent, headers: { "User-Agent": "nezha-agent/1.0" } });
    call.end();
    const response = await responseTo(call);
    return { body: await readText(response), location: locationOf(response) };
  } finally {
    agent.destroy();
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  let body = "";
  response.setEncoding("utf8");
  for await (const text of response) {
    body += String(text);
    if (body.length > MAX_BODY_CHARACTERS) throw new Error("the page is too large");
  }
  return body;
}

function locationOf({ statusCode = 0, headers }: IncomingMessage): string | undefined {
  return REDIRECTS.has(statusCode) ? headers.location : undefined;
}

/** @throws Error when it is no page that may be asked */
function redirected(from: URL, location: string): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  if (url?.protocol === "https:" || (url?.protocol === "http:" && from.protocol === "http:")) return url;
  throw new Error("the page redirects to an address that is not asked");
}
