import { expect, test } from "vitest";
import { parseStartOptions } from "./options.ts";

test.each<[string[], object]>([
  [[], { agent: true, data: "data" }],
  [["--no-agent"], { agent: false, data: "data" }],
  [["--data", "/srv/windfire", "--no-agent"], { agent: false, data: "/srv/windfire" }],
])("%j is understood", (args, options) => {
  expect(parseStartOptions(args)).toEqual(options);
});

test.each([
  [["--data"], "--data needs a folder"],
  [["--data", ""], "--data needs a folder"],
  [["--agent=no"], "unknown argument --agent=no"],
])("%j is refused", (args, text) => {
  expect(parseStartOptions(args)).toBe(text);
});
