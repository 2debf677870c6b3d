import { expect, test } from "vitest";
import { readThrough, writeThrough } from "./reached-through.ts";

test.each([null, { kind: "server", id: 3 }, { kind: "service", id: 12 }] as const)("%j goes out as it came in", (value) => {
  expect(readThrough(writeThrough(value))).toEqual(value);
});
