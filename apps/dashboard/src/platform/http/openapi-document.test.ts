import { expect, test } from "vitest";
import { tidyDocument } from "./openapi-document.ts";
import type { JsonObject } from "./openapi-document.ts";

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const answer = (schema: JsonObject) => ({ description: "d", content: { "application/json": { schema } } });

test("components nobody names go, directly or through others, and a lone input has the plain name", () => {
  const document = tidyDocument({
    openapi: "3.1.0",
    paths: {
      "/a": {
        post: {
          requestBody: { content: { "application/json": { schema: ref("FormInput") } } },
          responses: { 200: answer({ anyOf: [ref("Page"), ref("Failure")] }) },
        },
      },
      "/b": { get: { parameters: [{ schema: ref("PageInput") }] } },
    },
    components: {
      securitySchemes: { BearerAuth: { type: "http" } },
      schemas: {
        Form: { type: "object" },
        FormInput: { type: "object", properties: { unit: ref("UnitInput") } },
        Unit: { type: "string" },
        UnitInput: { type: "string" },
        Page: { items: ref("Row") },
        PageInput: {},
        Row: { properties: { next: ref("Row") } },
        RowInput: {},
        Failure: {},
        Lost: { properties: { other: ref("Unit") } },
      },
    },
  });
  expect(document).toMatchObject({
    openapi: "3.1.0",
    paths: {
      "/a": { post: { requestBody: { content: { "application/json": { schema: ref("Form") } } } } },
      "/b": { get: { parameters: [{ schema: ref("PageInput") }] } },
    },
    components: { securitySchemes: { BearerAuth: {} } },
  });
  expect((document["components"] as { schemas: object }).schemas).toEqual({
    Form: { type: "object", properties: { unit: ref("Unit") } },
    Unit: { type: "string" },
    Page: { items: ref("Row") },
    PageInput: {},
    Row: { properties: { next: ref("Row") } },
    Failure: {},
  });
});

test("a bare text is plain text on the wire", () => {
  const document = tidyDocument({
    paths: { "/ws": { get: { responses: { 400: answer({ type: "string" }), 200: answer({ type: "object" }) } } } },
  });
  expect(document["paths"]).toEqual({
    "/ws": {
      get: {
        responses: {
          400: { description: "d", content: { "text/plain": { schema: { type: "string" } } } },
          200: answer({ type: "object" }),
        },
      },
    },
  });
});

test("a file has its types, and the failure that is told instead of it stays JSON", () => {
  const file = { type: "string", contentMediaType: "text/csv application/x-ndjson" };
  const document = tidyDocument({
    paths: { "/export": { get: { responses: { 200: answer({ anyOf: [file, ref("Failure")] }) } } } },
    components: { schemas: { Failure: {} } },
  });
  expect(document["paths"]).toEqual({
    "/export": {
      get: {
        responses: {
          200: {
            description: "d",
            content: {
              "text/csv": { schema: file },
              "application/x-ndjson": { schema: file },
              "application/json": { schema: ref("Failure") },
            },
          },
        },
      },
    },
  });
});
