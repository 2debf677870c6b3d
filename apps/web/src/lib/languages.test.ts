import { expect, test } from "vitest";
import { languageFor, LANGUAGES } from "./languages.ts";

test.each([
  ["en-US", "en"],
  ["en_GB", "en"],
  ["zh-CN", "zh-CN"],
  ["zh_TW", "zh-TW"],
  ["zh-HK", "zh-TW"],
  ["zh-Hant-MO", "zh-TW"],
  ["zh", "zh-CN"],
  ["pt-PT", "pt-BR"],
  ["it-IT", "en"],
  ["", "en"],
  [undefined, "en"],
])("a reader of %s gets %s", (tag, file) => {
  expect(languageFor(tag).file).toBe(file);
});

test("only what is offered is given", () => {
  const offered = LANGUAGES.filter(({ file }) => file === "en" || file === "zh-CN");
  expect(languageFor("de-DE", offered).file).toBe("en");
  expect(languageFor("zh-TW", offered).file).toBe("zh-CN");
});
