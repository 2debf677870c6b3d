import type { StaticDocumentSpec } from "@fastify/swagger";
import type { FastifyInstance } from "fastify";

/**
 * Where the description of the API is served (design decision 12): `/api/openapi.json` for everybody, also with `force_auth`, since it
 * says nothing about the installation; in debug mode Swagger UI under `/swagger/` with the same document at `/swagger/doc.json`.
 */
export function apiPages(debug: boolean): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.get("/api/openapi.json", { schema: { hide: true }, config: { compress: true } }, async (_request, reply) =>
      reply.type("application/json; charset=utf-8").send(JSON.stringify(await app.document())),
    );
    if (debug) await app.register(swaggerPages);
  };
}

/** Debug pages answer before the real address, the WAF and sign-in are looked at (spec 10 section 2). */
async function swaggerPages(app: FastifyInstance): Promise<void> {
  app.addHook("onRoute", (route) => {
    route.config = { ...route.config, beforeGate: true };
  });
  app.get("/swagger/doc.json", { schema: { hide: true } }, async (_request, reply) =>
    reply.type("application/json; charset=utf-8").send(JSON.stringify(await app.document())),
  );
  app.get("/swagger/*", { schema: { hide: true } }, async (_request, reply) =>
    reply.code(404).type("text/plain; charset=utf-8").send("404 page not found"),
  );
  // The plugin's types end with OpenAPI 3.0; it hands on what it gets.
  const specification = { document: await app.document() } as StaticDocumentSpec;
  await app.register(import("@fastify/swagger"), { mode: "static", specification });
  await app.register(import("@fastify/swagger-ui"), { routePrefix: "/swagger", uiConfig: { url: "/swagger/doc.json" } });
}
