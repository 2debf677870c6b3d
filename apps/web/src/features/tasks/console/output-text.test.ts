import { expect, test } from "vitest";
import { linesWith, plainText } from "./output-text.ts";

test.each([
  ["plain\n", "plain"],
  ["\u001B[1;31mred\u001B[0m text", "red text"],
  ["\u001B]0;title\u0007a\u001B]8;;x\u001B\\b", "ab"],
  ["one\r\ntwo\r\n", "one\ntwo"],
  ["10%\r50%\r100%\r\ndone", "100%\ndone"],
  ["kept\r", "kept"],
  ["", ""],
])("%j is read as %j", (output, text) => {
  expect(plainText(output)).toBe(text);
});

test("only lines with the text", () => {
  expect(linesWith("Error: a\nfine\nno ERROR", "error")).toBe("Error: a\nno ERROR");
  expect(linesWith("a\nb", "")).toBe("a\nb");
  expect(linesWith("a\nb", "c")).toBe("");
});
