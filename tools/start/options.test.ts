import { expect, test } from "vitest";
import { parseStartOptions } from "./options.ts";

test.each<[string[], object]>([
  [[], { agent: true, data: "data" }],
  [["--no-agent"], { agent: false, data: "data" }],
  [["--data", "/srv/windfire", "--no-agent"], { agent: false, data: "/srv/windfire" }],
  [["--data=/srv/a=b"], { agent: true, data: "/srv/a=b" }],
  [["--port", "9000"], { agent: true, data: "data", port: 9000 }],
  [["--port=0", "--data", "--x"], { agent: true, data: "--x", port: 0 }],
])("%j is understood", (args, options) => {
  expect(parseStartOptions(args)).toEqual({ kind: "options", options });
});

test.each([["--help"], ["-h"], ["--no-agent", "--help"]])("%s asks for the usage", (...args) => {
  expect(parseStartOptions(args)).toEqual({ kind: "help" });
});

test.each([
  [["--data"], "--data needs a folder"],
  [["--data", ""], "--data needs a folder"],
  [["--data="], "--data needs a folder"],
  [["--port"], "--port needs a number from 0 to 65535"],
  [["--port=http"], "--port needs a number from 0 to 65535"],
  [["--port", "70000"], "--port needs a number from 0 to 65535"],
  [["--agent=no"], "unknown argument --agent=no"],
  [["--no-agent=1"], "unknown argument --no-agent=1"],
  [["--help=1"], "unknown argument --help=1"],
  [["data"], "unknown argument data"],
])("%j is refused", (args, text) => {
  expect(parseStartOptions(args)).toEqual({ kind: "wrong", text });
});
