import { expect, test } from "vitest";
import { isAllowedTarget, parseAllowedTarget } from "./allowed-targets.ts";

test.each([
  ["192.168.1.20:8123", "192.168.1.20", 8123, true],
  ["192.168.1.20:8123", "192.168.1.20", 8124, false],
  ["192.168.1.20:8123", "192.168.1.21", 8123, false],
  ["10.0.0.0/8:443", "10.200.3.4", 443, true],
  ["10.0.0.0/8:443", "11.0.0.1", 443, false],
  ["10.0.0.0/8:443", "::ffff:10.1.2.3", 443, true],
  ["127.0.0.1", "127.0.0.1", 1, true],
  ["127.0.0.1", "::1", 1, false],
  ["[fd00::/8]:25", "fd12::1", 25, true],
  ["[fd00::/8]:25", "fe80::1", 25, false],
  ["[::1]", "::1", 9, true],
  ["0.0.0.0/0", "::1", 9, false],
])("%s and %s port %d: %s", (text, address, port, expected) => {
  expect(isAllowedTarget([parseAllowedTarget(text)], address, port)).toBe(expected);
});

test("nothing is allowed by an empty list", () => expect(isAllowedTarget([], "127.0.0.1", 80)).toBe(false));

test.each([
  "",
  "localhost:80",
  "10.0.0.0/33",
  "10.0.0:80",
  "0x7f.0.0.1",
  "fd00::/8:25",
  "[fd00::/129]:25",
  "10.0.0.1:0",
  "10.0.0.1:70000",
  "*",
])("%j is refused", (text) => {
  expect(() => parseAllowedTarget(text)).toThrow(/^must be an address or network with a port/);
});
