import type { FastifyDynamicSwaggerOptions } from "@fastify/swagger";
import type { FastifySchema } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { Failure, success } from "@windfire/api";
import { z } from "zod";
import type { AccessRule } from "#kernel";
import { tidyDocument } from "./openapi-document.ts";
import type { JsonObject } from "./openapi-document.ts";
import type { AnyRoute, AnySocketRoute } from "./route.ts";

/** Options of the generator: OpenAPI 3.1 from the same schemas that parse the requests. */
export function openApi(version: string): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Windfire API",
        version,
        description:
          "The API of a Windfire dashboard. Sign in with a JWT (`POST /api/v1/login`) or a personal access token, both in the `Authorization` header.",
      },
      components: {
        securitySchemes: {
          BearerAuth: {
            type: "http",
            scheme: "bearer",
            bearerFormat: "JWT",
            description: "`Authorization: Bearer <jwt>` from `POST /api/v1/login`",
          },
          APITokenAuth: { type: "http", scheme: "bearer", description: "`Authorization: Bearer nzp_…`, a personal access token" },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => tidyDocument(JSON.parse(JSON.stringify(jsonSchemaTransformObject(document))) as JsonObject),
  };
}

const UPLOAD = z.string().meta({ description: "A file", contentMediaType: "application/octet-stream" });

interface Described extends FastifySchema {
  consumes?: string[];
  tags: string[];
  summary: string;
  description?: string;
  security: Record<string, string[]>[];
  response: Record<number, z.ZodType>;
}

/** What OpenAPI shall say of a route. */
export function describeRoute(route: AnyRoute): Described {
  return {
    tags: [route.tag],
    summary: route.summary,
    ...accessText(route.access),
    ...(route.params ? { params: route.params } : {}),
    ...(route.query ? { querystring: route.query } : {}),
    ...(route.body ? { body: route.body } : {}),
    ...(route.upload ? { body: UPLOAD, consumes: ["application/octet-stream"] } : {}),
    response: {
      200: z.union([
        route.file ? z.string().meta({ description: "A file", contentMediaType: route.file.join(" ") }) : success(route.data),
        Failure,
      ]),
      ...refusals(route),
    },
  };
}

/** What OpenAPI shall say of a WebSocket: the request that asks for the upgrade. */
export function describeSocket(socket: AnySocketRoute): Described {
  return {
    tags: [socket.tag],
    summary: `${socket.summary} (WebSocket)`,
    ...accessText(socket.access),
    ...(socket.params ? { params: socket.params } : {}),
    ...(socket.query ? { querystring: socket.query } : {}),
    response: { 200: Failure, 400: plainText("The request is no WebSocket handshake"), 401: Failure, 403: Failure },
  };
}

function plainText(description: string): z.ZodType {
  return z.string().meta({ description });
}

function refusals(route: AnyRoute): Record<number, z.ZodType> {
  const common = {
    ...(route.body || route.upload ? { 413: Failure } : {}),
    ...(route.throttled ? { 429: Failure } : {}),
    ...(route.busy ? { 503: Failure } : {}),
  };
  if (route.access.auth === "open") return { ...(route.refuses ? { 403: Failure } : {}), ...common };
  return { 401: Failure, 403: Failure, ...common };
}

function accessText(rule: AccessRule): { description: string; security: Record<string, string[]>[] } {
  if (rule.auth === "open") return { description: "Open to everybody.", security: [] };
  if (rule.auth === "fallback")
    return { description: "Open to everybody; says more to who is signed in.", security: [{}, { BearerAuth: [] }] };
  const scopes =
    rule.scopes === "forbidden"
      ? "Personal access tokens are refused."
      : `A personal access token needs ${rule.scopes.map((name) => `\`${name}\``).join(" and ")}.`;
  const who =
    rule.auth === "optional" ? "Open to guests unless `force_auth` is set." : rule.admin ? "Administrators only." : "Signed-in users.";
  const token = rule.scopes === "forbidden" ? [] : [{ APITokenAuth: [] }];
  return { description: `${who} ${scopes}`, security: [...(rule.auth === "optional" ? [{}] : []), { BearerAuth: [] }, ...token] };
}
