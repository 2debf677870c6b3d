import { OutboundError } from "#platform/outbound";
import type { Outbound, OutboundAnswer } from "#platform/outbound";

interface ProviderRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams | string | null | undefined;
}

/** What asks a provider: the part of `fetch` that the client library needs. */
export type ProviderFetch = (url: string, request: ProviderRequest) => Promise<Response>;

/** Redirects of one request. */
const MOST_REDIRECTS = 5;
const WITHOUT_BODY = new Set([204, 205, 304]);

/**
 * Asks providers through the one client for addresses that people typed, so that networks of our own stay closed to them. Redirects are
 * followed within one host and never from TLS to none, because credentials go with them.
 *
 * @throws {Error} with a text that may be shown
 */
export function createProviderFetch(outbound: Pick<Outbound, "send">): ProviderFetch {
  const ask = async (url: string, { method, headers, body }: ProviderRequest): Promise<OutboundAnswer> => {
    const content = body ? { body: String(body) } : {};
    const request = { method: method === "POST" ? "POST" : "GET", url, headers, wantsBody: true, trusted: true, ...content } as const;
    return outbound.send(request).catch((error: unknown) => {
      throw new Error(reasonOf(error), { cause: error });
    });
  };
  return async (url, request) => {
    let at = url;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const answer = await ask(at, request);
      const next = nextOf(answer, at, request.method);
      if (next === undefined) return asResponse(answer);
      at = next;
    }
    throw new Error("oauth2: the provider redirects for ever");
  };
}

function nextOf({ status, location = "" }: OutboundAnswer, at: string, method: string): string | undefined {
  const follows = method === "POST" ? status === 307 || status === 308 : status > 300 && status < 309 && status !== 304;
  if (!follows || !URL.canParse(location, at)) return undefined;
  const [from, to] = [new URL(at), new URL(location, at)];
  return to.hostname === from.hostname && (from.protocol === "http:" || to.protocol === "https:") ? to.href : undefined;
}

function asResponse({ status, body, contentType }: OutboundAnswer): Response {
  const headers = contentType === undefined ? {} : { "content-type": contentType };
  return new Response(WITHOUT_BODY.has(status) ? null : body, { status, headers });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof OutboundError)) return "oauth2: the provider cannot be asked";
  if (error.failure === "refused") return "oauth2: the provider's address is not allowed: add it to outbound_allow";
  return error.failure === "too-large" ? "oauth2: answer is too large" : `oauth2: ${error.message}`;
}
