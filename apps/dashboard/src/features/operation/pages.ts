import type { FastifyInstance, FastifyReply } from "fastify";
import type { Readiness } from "./readiness.ts";

/**
 * `/healthz`: the process answers. `/readyz`: it can do its work, 503 with the reasons where not. Open to everybody and before the WAF,
 * since whoever watches over containers comes without the proxy's headers; neither tells anything of the installation.
 */
export function operationPages(readiness: () => Promise<Readiness>): (app: FastifyInstance) => Promise<void> {
  const options = { method: ["GET", "HEAD"], schema: { hide: true }, config: { beforeGate: true } };
  const send = (reply: FastifyReply, status: number, body: object): FastifyReply =>
    reply.code(status).type("application/json; charset=utf-8").header("cache-control", "no-store").send(JSON.stringify(body));
  return async (app) => {
    app.route({ ...options, url: "/healthz", handler: async (_request, reply) => send(reply, 200, { status: "alive" }) });
    app.route({
      ...options,
      url: "/readyz",
      handler: async (_request, reply) => {
        const { ready, checks } = await readiness();
        return send(reply, ready ? 200 : 503, { status: ready ? "ready" : "not ready", checks });
      },
    });
  };
}
