import { expect, test } from "vitest";
import { isPermittedTarget } from "./targets.ts";

test.each<[string, string, number, string, boolean]>([
  ["127.0.0.1:8080", "127.0.0.1", 8080, "127.0.0.1", true],
  ["127.0.0.1:8080", "127.0.0.1", 8081, "127.0.0.1", false],
  ["127.0.0.1:*", "localhost", 22, "127.0.0.1", true],
  ["127.0.0.1:80", "127.0.0.2", 80, "127.0.0.2", false],
  ["router.lan:80", "Router.LAN", 80, "192.168.1.1", true],
  ["router.lan:80", "router.lan.evil.example", 80, "192.168.1.1", false],
  ["192.168.1.0/24:443", "192.168.1.77", 443, "192.168.1.77", true],
  ["192.168.1.0/24:443", "name.example", 443, "192.168.1.77", true],
  ["192.168.1.0/24:443", "192.168.2.1", 443, "192.168.2.1", false],
  ["0.0.0.0/0:*", "8.8.8.8", 53, "8.8.8.8", true],
  ["0.0.0.0/0:*", "::1", 53, "::1", false],
  ["[::1]:80", "::1", 80, "::1", true],
  ["[fd00::]/8:80", "fd12::1", 80, "fd12::1", true],
  ["[fd00::]/8:80", "fe80::1", 80, "fe80::1", false],
  ["127.0.0.1:80", "::ffff:127.0.0.1", 80, "::ffff:127.0.0.1", false],
  ["nonsense", "nonsense", 80, "127.0.0.1", false],
])("%s and %s:%i (%s): %s", (limit, host, port, address, permitted) => {
  expect(isPermittedTarget([limit], { host, port }, address)).toBe(permitted);
});

test("any of several is enough, none is none", () => {
  const target = { host: "10.0.0.1", port: 80 };
  expect(isPermittedTarget(["127.0.0.1:80", "10.0.0.0/8:80"], target, "10.0.0.1")).toBe(true);
  expect(isPermittedTarget([], target, "10.0.0.1")).toBe(false);
});
