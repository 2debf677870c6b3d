import { expect, test } from "vitest";
import { authenticateHeader } from "./authenticate-header.ts";

test.each([
  ["Ref", "JWT realm=Ref"],
  ["", "JWT realm=gin jwt"],
  ["a\r\nset-cookie: x", "JWT realm=aset-cookie: x"],
])("realm of %j", (site, expected) => {
  expect(authenticateHeader(site)).toBe(expected);
});

test("a realm beyond ASCII travels as its UTF-8 bytes", () => {
  const header = authenticateHeader("哪吒监控");
  expect(() => new Headers({ "www-authenticate": header })).not.toThrow();
  expect(Buffer.from(header, "latin1").toString("utf8")).toBe("JWT realm=哪吒监控");
});
