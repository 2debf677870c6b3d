import { expect, test } from "vitest";
import { localTarget, parseStartLine } from "./address.ts";

test.each<[string, string | undefined]>([
  ["NEZHA>> Dashboard::START ON 127.0.0.1:8008", "127.0.0.1:8008"],
  ['{"level":"info","msg":"NEZHA>> Dashboard::START ON 127.0.0.1:8008"}', "127.0.0.1:8008"],
  ["2026/01/01 00:00:00 NEZHA>> Dashboard::START ON :18320", "127.0.0.1:18320"],
  ["NEZHA>> Dashboard::START ON 0.0.0.0:8008", "127.0.0.1:8008"],
  ["NEZHA>> Dashboard::START ON [::]:8008", "127.0.0.1:8008"],
  ["NEZHA>> Dashboard::START ON [::1]:8008", "[::1]:8008"],
  ["NEZHA>> Dashboard::START ON ::1:8008", "[::1]:8008"],
  ["NEZHA>> Dashboard::START ON :::8008", "127.0.0.1:8008"],
  ["NEZHA>> Dashboard::START ON localhost:8008", "localhost:8008"],
  ["NEZHA>> Graceful::START", undefined],
])("%s", (line, target) => {
  const address = parseStartLine(line);
  expect(address && localTarget(address)).toBe(target);
});
