import type { IncomingHttpHeaders } from "node:http";

/** What of a request of either HTTP version says where it goes. */
export interface Addressed {
  readonly headers: IncomingHttpHeaders;
  readonly httpVersionMajor: number;
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}

const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)([^#]*)/i;

/** The host a request is for: `:authority`, that of an absolute target, else `Host` (RFC 9112 section 3.2.2). */
export function authorityOf(request: Addressed): string {
  const { headers } = request;
  return absolute(request)?.[1] ?? String(headers[":authority"] ?? headers.host ?? "");
}

/** The target as the server of the host wants it, in origin form. */
export function targetOf(request: Addressed): string {
  const rest = absolute(request)?.[2];
  if (rest === undefined) return request.url ?? "/";
  if (rest === "" && request.method === "OPTIONS") return "*";
  return rest.startsWith("/") ? rest : `/${rest}`;
}

/** What a host and a port cannot hold: whoever finds it reads another host out of the text than the next program does. */
const STRAY = /[\s/?#@\\<>"{}|^`]/;
/** A host, with or without port. */
const HOST = /^(?!:\d*$)/;

/**
 * Whether an HTTP/1.1 request says one host. What does not gets 400 (RFC 9112 section 3.2): two hosts, or text around one, are read in one
 * way here and in another behind a tunnel or in front of a proxy. Over HTTP/2 the runtime looks.
 */
export function isPlainlyAddressed(request: Addressed & { readonly rawHeaders: readonly string[] }): boolean {
  const { headers, rawHeaders } = request;
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host").length;
  if (hosts > 1 || STRAY.test(headers.host ?? "")) return false;
  const host = absolute(request)?.[1];
  return host === undefined || (host !== "" && HOST.test(host) && !STRAY.test(host));
}

/**
 * Says a request with a whole address as every other one is said, so that whoever reads it later has one target and one host to look at;
 * the address counts, and `Host` does not (RFC 9112 section 3.2.2).
 */
export function toOriginForm(request: Addressed & { url?: string | undefined }): void {
  if (absolute(request) === undefined) return;
  const authority = authorityOf(request);
  request.url = targetOf(request);
  request.headers.host = authority;
}

/** HTTP/1.1 clients may send the whole address, as they do to proxies. */
function absolute({ httpVersionMajor, url = "" }: Addressed): RegExpExecArray | undefined {
  if (httpVersionMajor !== 1 || url.startsWith("/")) return undefined;
  return ABSOLUTE.exec(url) ?? undefined;
}
