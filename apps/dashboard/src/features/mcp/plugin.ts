import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { onArrival, refusalJson } from "#platform/http";
import { JSON_TYPE } from "./endpoint.ts";

const ONLY_POST = JSON.stringify({
  success: false,
  error: "MCP endpoint only accepts POST (Streamable HTTP without standalone SSE / sessions)",
});
const FOREIGN = refusalJson(403, "ApiErrorForbidden: origin not allowed");

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

export interface Handlers {
  readonly originOk: (request: FastifyRequest) => boolean;
  readonly endpoint: Handler;
  readonly transfers: Readonly<Record<"download" | "upload", Handler>>;
}

/** The five routes. Bodies are left to their handlers: limits differ, and uploads are streamed. */
export function addRoutes(app: FastifyInstance, { originOk, endpoint, transfers }: Handlers): void {
  const hidden = { schema: { hide: true } };
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  app.addHook(
    "onRequest",
    onArrival(async (request, reply) => {
      if (originOk(request)) return "goes on";
      void reply.code(FOREIGN.status).type(FOREIGN.contentType).send(FOREIGN.body);
      return "answered";
    }),
  );
  for (const method of ["GET", "DELETE"] as const) {
    app.route({
      method,
      url: "/mcp",
      ...hidden,
      handler: async (_request, reply) => reply.code(405).header("allow", "POST").type(JSON_TYPE).send(ONLY_POST),
    });
  }
  app.post("/mcp", hidden, endpoint);
  app.get("/mcp/download/:token", hidden, transfers.download);
  app.post("/mcp/upload/:token", hidden, transfers.upload);
}
