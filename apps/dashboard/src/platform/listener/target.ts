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
