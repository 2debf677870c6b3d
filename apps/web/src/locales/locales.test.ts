import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { texts as consoleEnglish } from "./console-en.ts";
import { texts as consoleChinese } from "./console-zh-cn.ts";
import { texts as publicEnglish } from "./public-en.ts";
import { texts as publicChinese } from "./public-zh-cn.ts";

const PLURAL = /_(?:zero|one|two|few|many|other)$/;
const SOURCE = join(import.meta.dirname, "..");
const HALVES = [
  { half: "public", english: publicEnglish, chinese: publicChinese },
  { half: "console", english: consoleEnglish, chinese: consoleChinese },
] as const;

function flat(texts: object, prefix = ""): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]: [string, unknown]) =>
      typeof value === "object" && value !== null ? [...flat(value, `${prefix}${key}.`)] : [[prefix + key, String(value)] as const],
    ),
  );
}
const keys = (texts: object) => new Set([...flat(texts).keys()].map((key) => key.replace(PLURAL, "")));
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? "").toSorted();

/** Files that a half reaches from its entry. */
function filesOf(half: string): Set<string> {
  const found = new Set<string>();
  const visit = (path: string) => {
    if (found.has(path)) return;
    found.add(path);
    for (const [, target = ""] of readFileSync(path, "utf8").matchAll(/(?:from|import)\s*\(?"([#.][^"]+\.tsx?)"/g)) {
      visit(target.startsWith("#") ? join(SOURCE, target.slice(1)) : join(dirname(path), target));
    }
  };
  visit(join(SOURCE, `main-${half}.tsx`));
  return found;
}

/** Keys written out in the code of a half: `t("a.b")`. */
function usedKeys(half: string): string[] {
  return [...filesOf(half)].flatMap((path) => [...readFileSync(path, "utf8").matchAll(/\bt\("([\w.]+)"/g)].map((match) => match[1] ?? ""));
}

test.each(HALVES)("$half: both languages have the same texts", ({ english, chinese }) => {
  expect([...keys(chinese)].toSorted()).toEqual([...keys(english)].toSorted());
});

test.each(HALVES)("$half: no text is empty, and both languages fill the same holes", ({ english, chinese }) => {
  const translated = flat(chinese);
  for (const [key, text] of flat(english)) {
    expect(text, key).not.toBe("");
    const other = translated.get(key) ?? translated.get(key.replace(PLURAL, "_other")) ?? "";
    if (!key.endsWith("_one")) expect(holes(other), key).toEqual(holes(text));
  }
});

test.each(HALVES)("$half: every key in the code has a text", ({ half, english }) => {
  const known = keys(english);
  expect(usedKeys(half).filter((key) => !known.has(key))).toEqual([]);
});
