import type { FastifyReply } from "fastify";
import type { AppError } from "#kernel";
import type { Cookie } from "./gate.ts";
import { formatCookie } from "./cookies.ts";
import { envelopeOf, streamOf } from "./envelope-stream.ts";
import { ENVELOPE_HEAD, ENVELOPE_TAIL, FileParts, JsonBytes, JsonParts, JsonText, LentAnswer } from "./json-text.ts";
import type { LentBytes } from "./json-text.ts";
import type { Refusal } from "./refusal.ts";
import { Warned } from "./warned.ts";
import { Redirect } from "./redirect.ts";

const JSON_TYPE = "application/json; charset=utf-8";
/** From this length on an answer is sent as bytes. */
const LARGE_LENGTH = 256 * 1024;
const keep = (payload: unknown): string => payload as string;

/**
 * Sends a finished refusal. As bytes: Node writes headers and a text body in one piece of UTF-8, which would garble header values that
 * are bytes beyond ASCII (the realm of a site with such a name).
 */
export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return reply.code(refusal.status).headers(headersFor(reply, refusal)).type(refusal.contentType).send(Buffer.from(refusal.body));
}

/** HTTP/2 has no `Connection`: there a stream ends, not what carries it. */
function headersFor(reply: FastifyReply, { headers }: Refusal): Readonly<Record<string, string>> {
  if (reply.request.raw.httpVersionMajor < 2) return headers;
  const { connection: _connection, ...others } = headers;
  return others;
}

/** Sends what a handler returned, in the envelope (spec 10 section 4.1). */
export function sendResult(reply: FastifyReply, result: unknown): FastifyReply {
  if (result instanceof Redirect) return reply.redirect(result.location, 302);
  if (result instanceof JsonBytes) return reply.type(JSON_TYPE).send(result.enveloped());
  if (result instanceof LentAnswer) return sendLent(reply, result.loan);
  if (result instanceof JsonParts) return reply.type(JSON_TYPE).send(envelopeOf(result.parts));
  if (result instanceof FileParts) {
    void reply.header("content-disposition", attachment(result.name)).header("cache-control", "no-store");
    if (result.size !== undefined) void reply.header("content-length", result.size);
    return reply.type(result.contentType).send(streamOf(result.parts));
  }
  if (result instanceof Warned) {
    const warned: Warned<unknown> = result;
    const answer = { success: true, data: warned.data, warning: warned.warning };
    return reply.type(JSON_TYPE).serializer(keep).send(JSON.stringify(answer));
  }
  const data = result instanceof JsonText ? result.text : JSON.stringify(result ?? null);
  const text = `${ENVELOPE_HEAD}${data}${ENVELOPE_TAIL}`;
  // The runtime sets aside three bytes for each character of a text that it writes itself.
  return reply
    .serializer(keep)
    .type(JSON_TYPE)
    .send(text.length < LARGE_LENGTH ? text : Buffer.from(text));
}

/** Over HTTP/1 the end of an answer means that the system has all of it; over HTTP/2 that our own code has, which still reads it. */
function sendLent(reply: FastifyReply, { bytes, giveBack }: LentBytes): FastifyReply {
  if (reply.request.raw.httpVersionMajor < 2) reply.raw.once("finish", giveBack);
  return reply.type(JSON_TYPE).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** Name of a file to be saved (RFC 6266): plain for old clients, and exact in the form of RFC 8187 where it is more than plain. */
function attachment(name: string): string {
  const plain = name.replaceAll(/[^\w.()-]/g, "_");
  const exact = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"${plain === name ? "" : `; filename*=UTF-8''${exact}`}`;
}

/** The text of an expected error in the dashboard's language, and its status. */
export function refusalOf(error: AppError, translate: Translate): Refusal {
  const text = error.translate ? translate(error.messageId, ...error.args) : error.messageId;
  return {
    refused: true,
    status: error.status,
    contentType: JSON_TYPE,
    headers: error.headers,
    body: JSON.stringify({ success: false, error: text }),
  };
}

export type Translate = (messageId: string, ...args: (string | number)[]) => string;

export function setCookies(reply: FastifyReply, cookies: readonly Cookie[]): void {
  for (const cookie of cookies) void reply.header("set-cookie", formatCookie(cookie));
}
