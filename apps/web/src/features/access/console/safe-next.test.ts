import { expect, test } from "vitest";
import { safeNext, statusPageIn } from "./safe-next.ts";

test.each([
  [undefined, "/dashboard/"],
  ["", "/dashboard/"],
  ["/servers?s=1", "/dashboard/servers?s=1"],
  ["/dashboard/settings", "/dashboard/settings"],
  ["https://evil.example/", "/dashboard/"],
  ["//evil.example/", "/dashboard/"],
  ["/\\evil.example/", "/dashboard/"],
  ["/login?next=/login", "/dashboard/"],
])("after signing in with next=%s the way leads to %s", (next, expected) => {
  expect(safeNext(next, "/dashboard/")).toBe(expected);
});

test.each([
  ["/status/main", "/status/main"],
  ["/status/main/../x", undefined],
  ["/status//evil.example", undefined],
  ["https://evil.example/status/main", undefined],
  ["/servers", undefined],
  [undefined, undefined],
])("of next=%s the status page is %s", (next, expected) => expect(statusPageIn(next)).toBe(expected));
