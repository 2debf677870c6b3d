import { expect, test } from "vitest";
import { z } from "zod";
import * as api from "./index.ts";

const schemas = Object.entries<unknown>(api).flatMap(([name, value]) => (value instanceof z.ZodType ? [[name, value] as const] : []));

test("every exported schema can be described for requests and for answers", () => {
  expect(schemas.length).toBeGreaterThan(60);
  for (const [name, schema] of schemas) {
    for (const io of ["input", "output"] as const) expect(() => z.toJSONSchema(schema, { io }), name).not.toThrow();
  }
});

test("a schema is registered under the name it is exported by", () => {
  const named = schemas.map(([name, schema]) => [name, z.globalRegistry.get(schema)?.id] as const).filter(([, id]) => id !== undefined);
  expect(named.length).toBeGreaterThan(45);
  for (const [name, id] of named) expect(id).toBe(name);
});

function examplesOf(schema: z.ZodType): readonly unknown[] {
  const examples = z.globalRegistry.get(schema)?.["examples"];
  return Array.isArray(examples) ? examples : [];
}

test("examples are valid", () => {
  let tried = 0;
  for (const [name, schema] of schemas) {
    for (const example of examplesOf(schema)) {
      expect(schema.safeParse(example).error, `${name}: ${JSON.stringify(example)}`).toBeUndefined();
      tried++;
    }
  }
  expect(tried).toBeGreaterThan(10);
});
