import { expect, test } from "vitest";
import { textAtPath } from "./json-path.ts";

const JSON_TEXT =
  '{"id":583231,"big":12345678901234567890,"half":1.50,"login":"octo","ok":true,"none":null,"a.b":"dotted","data":{"account_id":"x1","list":[{"id":7},{"id":8}]}}';

test.each([
  ["id", "583231"],
  ["big", "12345678901234567890"],
  ["half", "1.5"],
  ["login", "octo"],
  ["ok", "true"],
  ["none", ""],
  ["missing", ""],
  ["data", ""],
  ["data.list.1.id", "8"],
  ["data.list.9.id", ""],
  ["data.list.id", ""],
  ["data.acc*", "x1"],
  ["data.account?id", "x1"],
  ["a\\.b", "dotted"],
  ["id.text", ""],
  ["__proto__", ""],
])("%s gives %j", (path, expected) => {
  expect(textAtPath(JSON_TEXT, path)).toBe(expected);
});

test("what is no JSON throws", () => {
  expect(() => textAtPath("<html>", "id")).toThrow(SyntaxError);
});
