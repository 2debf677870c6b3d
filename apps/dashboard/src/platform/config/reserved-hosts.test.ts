import { expect, test } from "vitest";
import { isReservedHost, normaliseHost } from "./reserved-hosts.ts";

test.each([
  [" Example.COM:8008 ", "example.com"],
  ["example.com.", "example.com"],
  ["example.com.:443", "example.com"],
  ["[::1]:8008", "::1"],
  ["[0:0:0:0:0:0:0:1]", "::1"],
  ["2001:DB8::0001", "2001:db8::1"],
  ["127.0.0.1:80", "127.0.0.1"],
  ["Bücher.example:8008", "xn--bcher-kva.example"],
  ["", ""],
])("%j is compared as %j", (host, name) => {
  expect(normaliseHost(host)).toBe(name);
});

test("hosts, lists of hosts and their ports are understood; nothing is not reserved", () => {
  const reserved = ["agents.example.com:443", "", "nz.example.com, Admin.example.com:8443", "[::1]"];
  expect(isReservedHost("NZ.example.com:80", reserved)).toBe(true);
  expect(isReservedHost("admin.example.com.", reserved)).toBe(true);
  expect(isReservedHost("agents.example.com", reserved)).toBe(true);
  expect(isReservedHost("::1", reserved)).toBe(true);
  expect(isReservedHost("example.com", reserved)).toBe(false);
  expect(isReservedHost("", reserved)).toBe(false);
  expect(isReservedHost(":80", reserved)).toBe(false);
});

test("a setting that is written as an address, or in the letters of its language, protects the host it names", () => {
  const reserved = ["https://nz.example.com/", "http://Admin.example.com:8443/dashboard?x=1,bücher.example"];
  expect(isReservedHost("nz.example.com", reserved)).toBe(true);
  expect(isReservedHost("admin.example.com", reserved)).toBe(true);
  expect(isReservedHost("xn--bcher-kva.example", reserved)).toBe(true);
  expect(isReservedHost("https", reserved)).toBe(false);
});
