import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { LANGUAGES } from "#lib/languages.ts";
import type { Texts } from "#lib/plurals.ts";
import { mergeTexts } from "./merge-texts.ts";

const PLURAL = /_(?:zero|one|two|few|many|other)$/;
const SOURCE = join(import.meta.dirname, "..");
const HALVES = ["public", "console"] as const;
/** Counts that people meet: their forms have to be written, rarer ones may be the general one. */
const USUAL_COUNTS = Array.from({ length: 120 }, (_, count) => count);

function readTexts(area: string, file: string): Texts | undefined {
  const path = join(import.meta.dirname, area, `${file}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Texts) : undefined;
}
function textsOf(half: string, file: string): Texts {
  return mergeTexts(readTexts("shared", file) ?? {}, readTexts(half, file) ?? {});
}
function flat(texts: Texts, prefix = ""): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === "string" ? [[prefix + key, value] as const] : [...flat(value, `${prefix}${key}.`)],
    ),
  );
}
const keys = (texts: Texts) => new Set([...flat(texts).keys()].map((key) => key.replace(PLURAL, "")));
const holes = (text: string) => [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? ""))].toSorted();

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

test.each(HALVES)("%s: every key in the code has a text", (half) => {
  const known = keys(textsOf(half, "en"));
  expect(usedKeys(half).filter((key) => !known.has(key))).toEqual([]);
});

const offered = HALVES.flatMap((half) =>
  LANGUAGES.filter(({ file }) => readTexts(half, file) !== undefined).map(({ tag, file }) => ({ half, tag, file })),
);

describe.each(offered)("$half in $tag", ({ half, tag, file }) => {
  const english = flat(textsOf(half, "en"));
  const texts = textsOf(half, file);
  const written = flat(texts);

  test("has every text, and none that English lacks", () => {
    expect([...keys(texts)].toSorted()).toEqual([...keys(textsOf(half, "en"))].toSorted());
    expect([...written].filter(([, text]) => text.trim() === "")).toEqual([]);
  });

  test("fills the same holes", () => {
    const wrong = [...written].filter(([key, text]) => {
      const original = english.get(key) ?? english.get(key.replace(PLURAL, "_other")) ?? "";
      const [here, there] = [holes(text), holes(original)];
      // The word for one needs no figure, and may have one.
      return PLURAL.test(key) ? here.some((hole) => ![...there, "count"].includes(hole)) : String(here) !== String(there);
    });
    expect(wrong).toEqual([]);
  });

  test("has the plural forms of usual counts", () => {
    const rules = new Intl.PluralRules(tag);
    const needed = new Set(USUAL_COUNTS.map((count) => rules.select(count)));
    const plurals = new Set([...written.keys()].filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, "")));
    const missing = [...plurals].flatMap((key) =>
      [...needed, "other"].map((form) => `${key}_${form}`).filter((form) => !written.has(form)),
    );
    expect(missing).toEqual([]);
  });

  test("is no longer than places allow: labels of the sidebar and of buttons", () => {
    const long = [...written].filter(([key, text]) => /^(?:nav|action)\./.test(key) && text.length > LONGEST_LABEL);
    expect(long).toEqual([]);
  });
});

const LONGEST_LABEL = 30;
