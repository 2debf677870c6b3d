import type { FastifyInstance, FastifyRequest } from "fastify";
import { AppError } from "#kernel";
import { sendRefusal, sendResult, setCookies } from "./answer.ts";
import type { HttpDeps } from "./app.ts";
import type { Admission } from "./gate.ts";
import { bodyParser, textParser } from "./input.ts";
import { API_PREFIX } from "./route.ts";
import type { AnyRoute, Context } from "./route.ts";
import { queryValues } from "./visit.ts";

type AnyContext = Context<unknown, unknown, unknown>;

/** Puts one route of the table into the application: admit, parse, run, answer. */
export function addRoute(app: FastifyInstance, route: AnyRoute, deps: HttpDeps): void {
  const params = textParser(route.params);
  const query = textParser(route.query);
  const parseBody = bodyParser(route.body, { form: route.bodyKind === "json-or-form", maxDepth: deps.limits.jsonDepth });
  const body: typeof parseBody = (bytes, contentType) => {
    try {
      return parseBody(bytes, contentType);
    } catch (error) {
      throw error instanceof AppError ? (route.bodyRefusal ?? error) : error;
    }
  };
  const admissions = new WeakMap<FastifyRequest, Admission>();
  app.route({
    method: route.method,
    url: API_PREFIX + route.path,
    ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
    onRequest: async (request, reply) => {
      const admission = await deps.gate.admit(request.visit, request.realIp, route.access);
      if ("refused" in admission) return sendRefusal(reply, admission);
      setCookies(reply, admission.cookies);
      admissions.set(request, admission);
      return undefined;
    },
    handler: async (request, reply) => {
      const admission = admissions.get(request);
      if (!admission) throw new Error(`${route.method} ${route.path} ran without passing the gate`);
      const aborted = new AbortController();
      reply.raw.once("close", () => aborted.abort());
      const context: AnyContext = {
        caller: admission.caller,
        params: params(request.params),
        query: query(queryValues(request.visit)),
        body: body(request.body as Buffer | undefined, (request.visit.headers["content-type"] as string | undefined) ?? ""),
        ip: request.realIp,
        visit: request.visit,
        signal: aborted.signal,
        setCookie: (cookie) => setCookies(reply, [cookie]),
      };
      return sendResult(reply, await route.run(context));
    },
  });
}
