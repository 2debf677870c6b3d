import { expect, test } from "vitest";
import { isForbidden } from "./host-rights.ts";

const NOW = 1_000_000;

test.each([
  [undefined, false],
  [[], true],
  [[{ name: "files" }], true],
  [[{ name: "terminal" }], false],
  [[{ name: "terminal", until: 1_001 }], false],
  [[{ name: "terminal", until: 1_000 }], true],
])("rights %j: a terminal is forbidden: %s", (rights, forbidden) => {
  expect(isForbidden(rights === undefined ? {} : { rights }, "terminal", NOW)).toBe(forbidden);
});
