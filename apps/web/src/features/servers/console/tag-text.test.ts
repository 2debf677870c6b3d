import { expect, test } from "vitest";
import { knownTags, readTags, tagsError, writeTags } from "./tag-text.ts";

test("words are parted by spaces and commas, each once", () => {
  expect(readTags(" web, eu  web\nprod")).toEqual(["web", "eu", "prod"]);
  expect(readTags(writeTags(["web", "eu"]))).toEqual(["web", "eu"]);
  expect(writeTags(undefined)).toBe("");
});

test.each([
  ["web eu", undefined],
  ["", undefined],
  ["x".repeat(32), undefined],
  ["x".repeat(33), "tags.wrong"],
  [Array.from({ length: 21 }, (_, i) => `t${i}`).join(" "), "tags.wrong"],
])("%s: %s", (text, wrong) => {
  expect(tagsError(text)).toBe(wrong);
});

test("the commonest tag is offered first", () => {
  expect(knownTags([{ tags: ["web"] }, { tags: ["db", "web"] }, {}, { tags: ["app"] }])).toEqual(["web", "app", "db"]);
});
