import type { Duplex } from "node:stream";
import type { z } from "zod";
import type { AccessRule, AppError, Caller } from "#kernel";
import type { WebSocket } from "ws";
import type { Cookie, MaybePromise, Visit } from "./gate.ts";
import type { FileParts, JsonBytes, JsonParts, JsonText, LentAnswer } from "./json-text.ts";
import type { Warned } from "./warned.ts";
import type { Redirect } from "./redirect.ts";

/** Every route of the table lives under this path. */
export const API_PREFIX = "/api/v1";

type Schema = z.ZodType;
type Fields<B> = Partial<Readonly<Record<B extends z.ZodType ? Extract<keyof z.input<B>, string> : never, unknown>>>;
type Output<S> = S extends z.ZodType<infer O> ? O : undefined;

/** One request as its handler sees it: parsed, admitted. */
export interface Context<P, Q, B> {
  readonly caller: Caller;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Real client address, "" when unknown (spec 10 section 2.1). */
  readonly ip: string;
  readonly visit: Visit;
  /** Milliseconds since the request was there: what was made since then is as good for it as what is made now. */
  readonly waitedMs: number;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** The body as it arrives, of a route that takes an {@link Route.upload}; of others nothing. */
  readonly upload: AsyncIterable<Uint8Array>;
  setCookie(cookie: Cookie): void;
}

/**
 * A route is data and says who may call it. `path` is relative to `/api/v1`, in the form `/server/:id`.
 * `data` describes the value under `data` of the envelope; `run` returns it (or a {@link JsonText} or {@link JsonBytes} of it already rendered, a {@link LentAnswer}, {@link JsonParts} where that is long).
 */
export interface Route<
  P extends Schema | undefined = Schema | undefined,
  Q extends Schema | undefined = Schema | undefined,
  B extends Schema | undefined = Schema | undefined,
  D extends Schema = Schema,
> {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly access: AccessRule;
  readonly summary: string;
  readonly tag: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly data: D;
  /** The answer is a file of one of these types ({@link FileParts}), not `data` in the envelope. */
  readonly file?: readonly string[];
  /** Largest body in bytes; the platform's default otherwise. */
  readonly bodyLimit?: number;
  /** The body is a file, read by `run` while it arrives: never in memory as a whole. A `limitBytes` and nothing else bounds it. */
  readonly upload?: { readonly limitBytes: number };
  /** The answer holds a credential: it is never compressed, because it may hold what others wrote as well. */
  readonly secret?: true;
  /** To make and send the answer takes a noticeable time: one after the other, and whatever else came meanwhile goes in between. */
  readonly long?: true;
  /** A GET that changes rows, because a browser is sent to it. */
  readonly writes?: true;
  /** Answers 429 for a while after too many failures. */
  readonly throttled?: true;
  /** Answers 503 while somebody else has what there is one of. */
  readonly busy?: true;
  /** An open route that answers 403 where what the body shows is no good. */
  readonly refuses?: true;
  /** How the body is read; JSON unless a client is known to send a form (login). */
  readonly bodyKind?: "json" | "json-or-form";
  /** What is answered to an unreadable body in place of the parser's text, where that would say too much (login). */
  readonly bodyRefusal?: AppError;
  /**
   * The row that the body replaces, if the caller may manage it, spelled as the body: what it holds is accepted when it comes back
   * unchanged, although new text is limited (an older program stored it).
   */
  stored?(context: Pick<Context<Output<P>, Output<Q>, undefined>, "caller" | "params">): MaybePromise<Fields<B> | undefined>;
  run(
    context: Context<Output<P>, Output<Q>, Output<B>>,
  ): MaybePromise<z.input<D> | Warned<z.input<D>> | JsonText | JsonBytes | LentAnswer | JsonParts | FileParts | Redirect>;
}

/** A route whatever its types, as the table of all routes holds it. */
export type AnyRoute = Route;

/** Keeps the types of a route's parts together; returns it as a member of the route table. */
export function route<
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
  D extends Schema = Schema,
>(definition: Route<P, Q, B, D>): AnyRoute {
  return definition;
}

/**
 * A WebSocket. `prepare` runs before the upgrade and may refuse by throwing an `AppError` (answered as JSON, spec 10 section 18);
 * the function it returns is called with the open socket.
 */
export interface SocketRoute<P extends Schema | undefined = Schema | undefined, Q extends Schema | undefined = Schema | undefined> {
  readonly path: string;
  readonly access: AccessRule;
  readonly summary: string;
  readonly tag: string;
  readonly params?: P;
  readonly query?: Q;
  /** Largest message from the client, bytes; a larger one closes the socket with 1009. */
  readonly maxMessage: number;
  /** Offer permessage-deflate without context take-over (for streams that share deflated frames). */
  readonly deflate?: boolean;
  prepare(context: Context<Output<P>, Output<Q>, undefined>): MaybePromise<SocketOpener>;
}

/** Called with the open socket, and the connection below it for those who write frames themselves. */
export type SocketOpener = (socket: WebSocket, connection: Duplex) => void;

export type AnySocketRoute = SocketRoute;

export function socketRoute<P extends Schema | undefined = undefined, Q extends Schema | undefined = undefined>(
  definition: SocketRoute<P, Q>,
): AnySocketRoute {
  return definition;
}
