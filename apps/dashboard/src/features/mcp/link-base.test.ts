import { expect, test } from "vitest";
import { isReservedHost } from "#platform/config";
import type { Visit } from "#platform/http";
import { linkBase } from "./link-base.ts";

const visit = (host: string, over: Partial<Visit> = {}): Visit => ({
  method: "POST",
  path: "/mcp",
  query: new URLSearchParams(),
  headers: { host },
  cookies: {},
  peer: "127.0.0.1",
  secure: false,
  ...over,
});
const base = (dashboardHost: string, host: string, over?: Partial<Visit>): string | undefined =>
  linkBase({ current: { dashboardHost }, isReservedHost: (name) => isReservedHost(name, ["own.test", "127.0.0.1"]) }, visit(host, over));

/** Spec 40 section 10.9. */
test.each([
  ["set", " nz.test:8443 ", "evil.test", "http://nz.test:8443"],
  ["set, an address", "[::1]:8008", "evil.test", "http://[::1]:8008"],
  ["set, with more than a host", "https://nz.test", "own.test", undefined],
  ["set, with a path", "nz.test/x", "own.test", undefined],
  ["set, with a name and password", "a@nz.test", "own.test", undefined],
  ["set, with a query", "nz.test?x", "own.test", undefined],
  ["empty, a reserved host", "", "own.test:8008", "http://own.test:8008"],
  ["empty, in capitals", "", "OWN.test.", "http://OWN.test."],
  ["blank, any other", "  ", "evil.test", undefined],
  ["empty, no host", "", "", undefined],
])("dashboard_host %s", (_label, configured, host, expected) => {
  expect(base(configured, host)).toBe(expected);
});

test("the scheme is that of the connection, or what a proxy says of it", () => {
  expect(base("nz.test", "x", { secure: true })).toBe("https://nz.test");
  expect(base("nz.test", "x", { headers: { host: "x", "x-forwarded-proto": "https" } })).toBe("https://nz.test");
  expect(base("nz.test", "x", { headers: { host: "x", "x-forwarded-proto": "HTTPS" } })).toBe("http://nz.test");
});
