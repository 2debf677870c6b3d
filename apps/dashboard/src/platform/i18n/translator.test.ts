import { expect, test } from "vitest";
import { format } from "./format.ts";
import { createTranslator, isTranslated } from "./translator.ts";

test.each([
  ["en_US", "server id 7 does not exist"],
  ["en-US", "server id 7 does not exist"],
  ["zh-CN", "服务器 id 7 不存在"],
  ["zh_CN", "服务器 id 7 不存在"],
  ["de_DE", "Server-ID 7 existiert nicht"],
  ["it-IT", "server id 7 does not exist"],
  ["zh", "server id 7 does not exist"],
  ["", "server id 7 does not exist"],
])("in %j", (language, text) => {
  expect(createTranslator({ language: () => language }).t("server id %d does not exist", 7)).toBe(text);
});

test("the language may change at any time", () => {
  let language = "en_US";
  const { t } = createTranslator({ language: () => language });
  expect(t("server not found")).toBe("server not found");
  language = "zh-CN";
  expect(t("server not found")).toBe("未找到服务器");
});

test("an unknown id is its own text", () => {
  const { t } = createTranslator({ language: () => "zh_CN" });
  expect(t("constructor")).toBe("constructor");
  expect(t("made up %s", "x")).toBe("made up x");
});

test.each([
  ["%s is %d", ["a", 1], "a is 1"],
  ["%2f > %2f", [12.345, 10], "12.35 > 10"],
  ["%2f", [0.001], "0"],
  ["%s %s", ["%d", "b"], "%d b"],
  ["%s and %s", ["a"], "a and %s"],
  ["%v", ["$&"], "$&"],
  ["100 %", [], "100 %"],
])("%j with %j", (text, args, filled) => {
  expect(format(text, args)).toBe(filled);
});

test.each([
  ["de_DE", true],
  ["pt-BR", true],
  ["xx_YY", false],
  ["it_IT", false],
])("whether there are texts in %s: %s", (language, there) => {
  expect(isTranslated(language)).toBe(there);
});
