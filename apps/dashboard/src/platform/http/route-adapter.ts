import { setImmediate as soon } from "node:timers/promises";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { AppError, refuseText } from "#kernel";
import type { Caller } from "#kernel";
import { sendRefusal, sendResult, setCookies } from "./answer.ts";
import { onArrival } from "./arrival.ts";
import { announcedBytes, budgetOf, hasNoBody, withBody } from "./body-bytes.ts";
import { arrivingBytes } from "./arriving-bytes.ts";
import type { Admission } from "./gate.ts";
import type { HttpDeps } from "./http-deps.ts";
import { bodyParser, textParser } from "./input.ts";
import { API_PREFIX } from "./route.ts";
import type { AnyRoute, Context } from "./route.ts";
import { queryValues } from "./visit.ts";

type AnyContext = Context<unknown, unknown, unknown>;

const NOTHING = Buffer.alloc(0);
const NO_UPLOAD: AsyncIterable<Uint8Array> = { async *[Symbol.asyncIterator]() {} };

/** Puts one route of the table into the application: admit, parse, run, answer. */
export function addRoute(app: FastifyInstance, route: AnyRoute, deps: HttpDeps): void {
  const params = textParser(route.params);
  const query = textParser(route.query);
  const parseBody = bodyParser(route.body, { form: route.bodyKind === "json-or-form", limits: deps.limits.json });
  const body: typeof parseBody = async (bytes, contentType, stored) => {
    try {
      return await parseBody(bytes, contentType, stored);
    } catch (error) {
      throw error instanceof AppError ? (route.bodyRefusal ?? error) : error;
    }
  };
  const bodyLimit = bodyLimitOf(route, deps.limits);
  const withBodyOf = async <T>(request: FastifyRequest, caller: Caller, use: (bytes: Buffer) => Promise<T>): Promise<T> => {
    if (hasNoBody(request)) return use(NOTHING);
    if (announcedBytes(request) > bodyLimit) throw tooLarge(bodyLimit);
    const room = { limitBytes: bodyLimit, budget: budgetOf(caller, deps.budgets), turns: deps.budgets.turns };
    const result = await withBody(request.raw, room, use);
    if ("used" in result) return result.used;
    throw result.refused === "too-large" ? tooLarge(bodyLimit) : result.refused === "busy" ? TOO_BUSY : CUT_SHORT;
  };
  /** What `run` reads itself is only asked how long it means to be. */
  const unread: typeof withBodyOf = async (request, _caller, use) => {
    if (announcedBytes(request) > bodyLimit) throw tooLarge(bodyLimit);
    return use(NOTHING);
  };
  const mayWrite = route.method !== "GET" || route.writes === true;
  const run: AnyRoute["run"] = async (context) => {
    try {
      return await route.run(context);
    } finally {
      if (mayWrite) await deps.afterWrite?.();
    }
  };
  const admissions = new WeakMap<FastifyRequest, Admission>();
  app.route({
    method: route.method,
    url: API_PREFIX + route.path,
    config: { compress: route.secret !== true },
    onRequest: onArrival(async (request, reply) => {
      const admission = await deps.gate.admit(request.visit, request.realIp, route.access);
      if ("refused" in admission) {
        void sendRefusal(reply, admission);
        return "answered";
      }
      setCookies(reply, admission.cookies);
      admissions.set(request, admission);
      return "goes on";
    }),
    handler: async (request, reply) => {
      const admission = admissions.get(request);
      if (!admission) throw new Error(`${route.method} ${route.path} ran without passing the gate`);
      const aborted = new AbortController();
      // Whoever read to the end did not go away; to make what says so costs more than most answers.
      reply.raw.once("close", () => {
        if (!reply.raw.writableFinished) aborted.abort();
      });
      const contentType = (request.visit.headers["content-type"] as string | undefined) ?? "";
      const read = route.upload === undefined ? withBodyOf : unread;
      const input = await read(request, admission.caller, async (bytes) => {
        const target = { caller: admission.caller, params: params(request.params) };
        const found = { ...target, query: query(queryValues(request.visit)) };
        return { ...found, body: await body(bytes, contentType, route.stored && (() => route.stored?.(target))) };
      });
      if (route.long === true) await deps.budgets.turns.run(soon);
      const context: AnyContext = {
        ...input,
        ip: request.realIp,
        visit: request.visit,
        waitedMs: reply.elapsedTime,
        signal: aborted.signal,
        upload: route.upload === undefined ? NO_UPLOAD : arrivingBytes(request.raw, route.upload.limitBytes, tooLarge),
        setCookie: (cookie) => setCookies(reply, [cookie]),
      };
      return sendResult(reply, await run(context));
    },
  });
}

const TOO_BUSY = refuseText("too many requests at once", 503, { "retry-after": "1", connection: "close" });
const CUT_SHORT = refuseText("unexpected EOF", 400);
const tooLarge = (limit: number): AppError => refuseText(`body is larger than ${limit} bytes`, 413, { connection: "close" });

/** Largest body of a route in bytes (spec 60 section 5). */
function bodyLimitOf(route: AnyRoute, limits: HttpDeps["limits"]): number {
  if (route.upload !== undefined) return route.upload.limitBytes;
  if (route.body === undefined || route.access.auth !== "strict") return limits.openBodyBytes;
  return route.bodyLimit ?? limits.bodyBytes;
}
