import type { OwnCredentials } from "#access/identity";

/** A request as it goes on: its target in origin form, and names and values of its header in turn. */
export interface RequestHead {
  readonly target: string;
  readonly rawHeaders: readonly string[];
}

/** So many distinct values are looked at; what comes after them counts as ours (spec 60 section 5). */
const MAX_CLASSIFIED = 16;
const BEARER = "Bearer ";
const SESSION_COOKIE = "nz-jwt";

/** A piece of a header or of a query: its bytes, and what might be a credential of ours. */
interface Piece {
  readonly text: string;
  readonly candidate?: string | undefined;
  /** It is ours whatever is found out about the candidates. */
  readonly isOwn?: boolean;
}

/**
 * Takes the dashboard's own credentials out of a request; what others issued stays as it is, byte for byte (spec 30 section 6.3). Answers
 * at once when no access token has to be looked up.
 */
export function withoutOwnCredentials(head: RequestHead, own: OwnCredentials): RequestHead | Promise<RequestHead> {
  const pieces = piecesOf(head, own);
  const distinct = [...new Set(candidatesOf(pieces))];
  const classified = distinct.slice(0, MAX_CLASSIFIED);
  const rest = new Set(distinct.slice(MAX_CLASSIFIED));
  const without = (found: ReadonlySet<string>): RequestHead => {
    const isOurs = ({ candidate, isOwn }: Piece): boolean =>
      isOwn === true || (candidate !== undefined && (found.has(candidate) || rest.has(candidate)));
    return rebuild(head, pieces, isOurs);
  };
  const found = own.among(classified);
  return found instanceof Promise ? found.then(without) : without(found);
}

interface Pieces {
  readonly path: string;
  readonly query: readonly Piece[] | undefined;
  /** By index of the header's value. */
  readonly authorization: ReadonlyMap<number, Piece>;
  readonly cookies: ReadonlyMap<number, readonly Piece[]>;
}

function piecesOf({ target, rawHeaders }: RequestHead, own: OwnCredentials): Pieces {
  const mark = target.indexOf("?");
  const authorization = new Map<number, Piece>();
  const cookies = new Map<number, readonly Piece[]>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase();
    const value = rawHeaders[at + 1] ?? "";
    if (name === "authorization") authorization.set(at, { text: value, candidate: bearer(value) });
    if (name === "cookie")
      cookies.set(
        at,
        value.split(";").map((text) => cookiePiece(text, own)),
      );
  }
  return {
    path: mark < 0 ? target : target.slice(0, mark),
    query:
      mark < 0
        ? undefined
        : target
            .slice(mark + 1)
            .split("&")
            .map(queryPiece),
    authorization,
    cookies,
  };
}

/** In the order in which they are counted: header, query, cookies. */
function candidatesOf({ authorization, query, cookies }: Pieces): string[] {
  const all = [...authorization.values(), ...(query ?? []), ...[...cookies.values()].flat()];
  return all.map(({ candidate }) => candidate).filter((candidate) => candidate !== undefined);
}

function bearer(value: string): string | undefined {
  const text = value.trim();
  return text.startsWith(BEARER) ? text.slice(BEARER.length).trim() : undefined;
}

function queryPiece(text: string): Piece {
  const equals = text.indexOf("=");
  const name = decoded(equals < 0 ? text : text.slice(0, equals));
  return { text, candidate: name === "token" ? decoded(equals < 0 ? "" : text.slice(equals + 1))?.trim() : undefined };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

function cookiePiece(text: string, own: OwnCredentials): Piece {
  const equals = text.indexOf("=");
  const name = text.slice(0, Math.max(equals, 0)).trim();
  const value = cookieValue(text.slice(equals + 1).trim());
  if (name === SESSION_COOKIE) return { text, candidate: value };
  const isOwn =
    name.startsWith("nz-wf-") ||
    (value !== undefined && ((name === "nz-csrf" && own.isCsrf(value)) || (name === "nz-o2s" && own.isOAuth2Key(value))));
  return { text, isOwn };
}

function cookieValue(text: string): string | undefined {
  const value = text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
  try {
    return decodeURIComponent(value).trim();
  } catch {
    return undefined;
  }
}

function rebuild({ rawHeaders }: RequestHead, pieces: Pieces, isOurs: (piece: Piece) => boolean): RequestHead {
  const withoutAuthorization = [...pieces.authorization.values()].some(isOurs);
  const headers: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (withoutAuthorization && pieces.authorization.has(at)) continue;
    const cookies = pieces.cookies.get(at);
    const value = cookies === undefined ? rawHeaders[at + 1] : remaining(cookies, ";", isOurs);
    if (value !== undefined) headers.push(rawHeaders[at] ?? "", value);
  }
  const query = pieces.query && remaining(pieces.query, "&", isOurs);
  return { target: query === undefined ? pieces.path : `${pieces.path}?${query}`, rawHeaders: headers };
}

/** What is left of a list, its bytes unchanged when nothing was taken out; undefined when nothing is left. */
function remaining(pieces: readonly Piece[], separator: string, isOurs: (piece: Piece) => boolean): string | undefined {
  const kept = pieces.filter((piece) => !isOurs(piece)).map(({ text }) => text);
  if (kept.length === pieces.length) return kept.join(separator);
  return kept.every((text) => text.trim() === "") ? undefined : kept.join(separator).trimStart();
}
