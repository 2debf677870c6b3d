import type { PageLanguage } from "@windfire/api";
import type { FastifyReply, FastifyRequest } from "fastify";
import { chosenCoding } from "#platform/compression";
import { encoded, header, vary } from "#platform/http";
import type { Edition } from "./editions.ts";

const SHARED = "public, max-age=10, stale-if-error=86400";

/** Whether a reader has it already, by what it says in `If-None-Match`. */
export function isKnownTo(tags: string, { etag }: Pick<Edition, "etag">): boolean {
  return tags !== "" && tags.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}

/** What is said of a document beside its bytes; `shared`: everybody may read it. */
export function headersOf({ etag, policy }: Pick<Edition, "etag" | "policy">, shared: boolean): Readonly<Record<string, string>> {
  return {
    etag,
    "cache-control": shared ? SHARED : "private, no-cache",
    vary: "Accept-Encoding, Accept-Language",
    // What everybody may read, scripts of other sites may read too; they never come with anybody's cookies.
    ...(shared ? { "access-control-allow-origin": "*" } : {}),
    ...(policy === "" ? {} : { "content-security-policy": policy, "referrer-policy": "same-origin" }),
  };
}

/** Sends a document that many read: what a reader has already is not sent again. */
export function sendEdition(request: FastifyRequest, reply: FastifyReply, edition: Edition, shared: boolean): FastifyReply {
  void reply.headers(headersOf(edition, shared));
  if (isKnownTo(header(request.visit, "if-none-match"), edition)) return reply.code(304).send();
  void reply.type(edition.contentType);
  const coding = chosenCoding(header(request.visit, "accept-encoding"));
  const packed = coding === undefined ? undefined : edition[coding];
  return reply.send(packed === undefined || coding === undefined ? edition.plain : encoded(reply, packed, coding));
}

export interface Answer {
  readonly status: number;
  readonly html: string;
  readonly policy: string;
  readonly language: PageLanguage;
}

/** Sends a document that is one reader's alone. */
export function sendAnswer(reply: FastifyReply, { status, html, policy }: Answer): FastifyReply {
  vary(reply);
  return reply
    .code(status)
    .header("cache-control", "no-store")
    .header("content-security-policy", policy)
    .header("referrer-policy", "no-referrer")
    .type("text/html; charset=utf-8")
    .send(html);
}
