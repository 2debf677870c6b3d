import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { chosenCoding } from "#platform/compression";
import type { HttpDeps } from "./http-deps.ts";
import { header } from "./visit.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /**
     * Answers may be compressed. Left out where an answer holds a secret beside something that somebody else can put there: its length
     * would tell the secret letter by letter.
     */
    compress?: boolean;
  }
}

/** Below this a compressed answer is hardly shorter, and fits one packet either way. */
const LEAST_BYTES = 1024;
const TEXT = /^(text\/|application\/(json|javascript|manifest\+json|xml|wasm)|image\/svg\+xml)/;

/** Whether content of a type gets shorter: pictures, fonts and archives are compressed already. */
export function isText(type: string): boolean {
  return TEXT.test(type);
}

/** Compresses answers that are whole and worth it, for clients that want it. Routes without a match are pages of a front end. */
export function compressAnswers(app: FastifyInstance, { compressor, onError }: Pick<HttpDeps, "compressor" | "onError">): void {
  app.addHook("onSend", (request, reply, payload, done) => {
    const bytes = mayCompress(request) ? worthwhile(reply, payload) : undefined;
    if (bytes === undefined) return done(null, payload);
    vary(reply);
    const coding = chosenCoding(header(request.visit, "accept-encoding"));
    if (coding === undefined) return done(null, payload);
    compressor
      .compress(bytes, coding)
      .then((compressed) => done(null, compressed === undefined ? payload : encoded(reply, compressed, coding)), done)
      .catch((error: unknown) => onError(error, request.visit));
    return undefined;
  });
}

/** Says that another client may get other bytes. */
export function vary(reply: FastifyReply): void {
  void reply.header("vary", "Accept-Encoding");
}

/** Marks bytes as compressed. */
export function encoded(reply: FastifyReply, bytes: Buffer, coding: string): Buffer {
  void reply.header("content-encoding", coding).header("content-length", bytes.length);
  return bytes;
}

function mayCompress(request: FastifyRequest): boolean {
  return request.is404 || request.routeOptions.config.compress === true;
}

/** The body as bytes, when it is a whole one of text, long enough, and in no coding yet. */
function worthwhile(reply: FastifyReply, payload: unknown): Buffer | undefined {
  if (typeof payload !== "string" && !Buffer.isBuffer(payload)) return undefined;
  if (payload.length < LEAST_BYTES || reply.statusCode === 206 || reply.hasHeader("content-encoding")) return undefined;
  if (!isText(String(reply.getHeader("content-type") ?? ""))) return undefined;
  return Buffer.isBuffer(payload) ? payload : Buffer.from(payload);
}
