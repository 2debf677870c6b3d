import { expect, test } from "vitest";
import { supportsMcp } from "./agent-version.ts";

test.each([
  ["2.1.0", true],
  ["v2.1.0", true],
  ["2.1.0-beta.1", true],
  ["2.1.0+build", true],
  ["2.10", true],
  ["3", true],
  ["2.1.1rc", true],
  ["", true],
  ["2.0.99", false],
  ["v2", false],
  ["1.99.99", false],
  ["2.x.9", false],
  ["vv2.1.0", false],
  ["debug", false],
])("an agent %j knows MCP: %s", (version, known) => {
  expect(supportsMcp(version)).toBe(known);
});
