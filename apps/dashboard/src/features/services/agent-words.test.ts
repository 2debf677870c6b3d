import { expect, test } from "vitest";
import { plainWords } from "./agent-words.ts";

test.each([
  ["\n应用错误: 404 Not Found", "HTTP status 404 Not Found"],
  ["无法解析 db.example.com", "cannot resolve db.example.com"],
  ["", ""],
  ["connection refused", "connection refused"],
  ["page says 无法解析 nothing", "page says 无法解析 nothing"],
])("what an agent says is understood: %j", (said, meaning) => {
  expect(plainWords(said)).toBe(meaning);
});
