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

test.each([
  ["user", "u*r", true],
  ["user", "*", true],
  ["user", "us**", true],
  ["user", "*e?", true],
  ["user", "*s*r*", true],
  ["abcabd", "*ab?", true],
  ["user", "?", false],
  ["user", "*u", false],
  ["user", "u*s", false],
  ["ü😀", "??", true],
])("a member %j and %j: %s", (name, path, fits) => {
  expect(textAtPath(JSON.stringify({ [name]: 1 }), path)).toBe(fits ? "1" : "");
});

test("no pattern and no name of a provider's take long together", () => {
  const name = "a".repeat(20_000);
  expect(textAtPath(JSON.stringify({ [name]: 1 }), `${"*a".repeat(50)}*b`)).toBe("");
});

test.each([
  ["a byte order mark", '\uFEFF{"id":42}'],
  ["a callback", 'callback( {"id":42} );'],
  ["a callback without semicolon, over lines", '\n my.$cb_1(\r\n{"id":42}\n)\n'],
  ["both", '\uFEFFcallback({"id":42});'],
])("%s is left out", (_what, text) => {
  expect(textAtPath(text, "id")).toBe("42");
});

test("parentheses inside the document are its own", () => {
  expect(textAtPath('{"id":"f(1);"}', "id")).toBe("f(1);");
  expect(textAtPath('cb({"id":"x);y(("})', "id")).toBe("x);y((");
});

test.each([
  "<html>",
  "",
  "callback",
  "callback(",
  "callback({)",
  "callback({}) more",
  '(function(){return {"id":1}})()',
  "alert(1);{}",
  "({})",
  "a b({})",
])("what is no JSON throws: %j", (text) => {
  expect(() => textAtPath(text, "id")).toThrow(SyntaxError);
});
