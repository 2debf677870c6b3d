import { expect, test } from "vitest";
import { targetProblem } from "./target.ts";

test.each([
  "https://example.com",
  "HTTP://example.com:8080/päth?q=1#x",
  "http://[2001:db8::1]/",
  "http://192.0.2.1/",
  "one.one.one.one",
  "t",
  "db_1.internal",
  "bücher.example",
  "தமிழ்.example",
  "example.org.",
  "192.0.2.1",
  "2001:db8::10",
  "fe80::1%eth0",
  "192.0.2.1:80",
  "[2001:db8::10]:443",
  "target.example.com:65535",
])("%s may be probed", (target) => expect(targetProblem(target)).toBeUndefined());

test.each([
  "",
  "http://",
  "https://exa mple.com",
  "ftp://example.com",
  "example.com/health",
  "two words",
  "a\u0000b",
  "192.0.2.300",
  "1.2.3:80",
  "example.com:0",
  "example.com:65536",
  "example.com:https:1",
  ":80",
  "-x.example",
  "a..b",
  "[192.0.2.1]:80",
  "[2001:db8::10",
  "<script>",
  "x".repeat(64),
  `${"a.".repeat(130)}b`,
])("%j may not", (target) => expect(targetProblem(target)).toMatch(/^must /));

test("a text of any length is judged at once", () => {
  const began = performance.now();
  for (const text of ["a".repeat(8192), "a.".repeat(4096), `[${":".repeat(8000)}`, "-".repeat(8192)]) targetProblem(text);
  expect(performance.now() - began).toBeLessThan(500);
});
