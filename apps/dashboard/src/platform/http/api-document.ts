import swagger from "@fastify/swagger";
import fastify from "fastify";
import { describeRoute, describeSocket, openApi } from "./openapi.ts";
import { API_PREFIX } from "./route.ts";
import type { AnyRoute, AnySocketRoute } from "./route.ts";

/** What is described: the table of all routes. */
export interface Described {
  readonly routes: readonly AnyRoute[];
  readonly sockets: readonly AnySocketRoute[];
  readonly version: string;
}

/**
 * The OpenAPI 3.1 document of a route table. An application of its own collects the descriptions, so that the one that answers requests
 * carries neither them nor the generator: few installations ever ask.
 */
export async function apiDocument({ routes, sockets, version }: Described): Promise<object> {
  const app = fastify({ exposeHeadRoutes: false });
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  const handler = async (): Promise<void> => undefined;
  await app.register(swagger, openApi(version));
  for (const route of routes) app.route({ method: route.method, url: API_PREFIX + route.path, schema: describeRoute(route), handler });
  for (const socket of sockets) app.get(API_PREFIX + socket.path, { schema: describeSocket(socket) }, handler);
  await app.ready();
  const document = app.swagger();
  if (typeof document === "string") throw new Error("the document is no object");
  return document;
}
