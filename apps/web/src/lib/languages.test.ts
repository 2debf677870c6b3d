import { expect, test } from "vitest";
import { languageFor } from "./languages.ts";

test.each([
  ["en-US", "en"],
  ["en_GB", "en"],
  ["zh-CN", "zh-CN"],
  ["zh_TW", "zh-CN"],
  ["it-IT", "en"],
  ["", "en"],
  [undefined, "en"],
])("a reader of %s gets %s", (tag, file) => {
  expect(languageFor(tag).file).toBe(file);
});
