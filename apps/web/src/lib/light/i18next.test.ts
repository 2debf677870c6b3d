import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import i18next from "i18next";
import { describe, expect, test } from "vitest";
import { LANGUAGES } from "#lib/languages.ts";
import { completePlurals } from "../plurals.ts";
import type { Texts } from "../plurals.ts";
import light from "./i18next.ts";

const LOCALES = join(import.meta.dirname, "../../locales");
const COUNTS = [0, 1, 2, 3, 5, 11, 21, 100, 1.5, 1_000_000];
const PLURAL = /_(?:zero|one|two|few|many|other)$/;

const textsOf = (area: string, file: string) =>
  completePlurals(JSON.parse(readFileSync(join(LOCALES, area, `${file}.json`), "utf8")) as Texts, file);

function keysOf(texts: Texts, prefix = ""): string[] {
  return Object.entries(texts).flatMap(([key, value]) => (typeof value === "string" ? [prefix + key] : keysOf(value, `${prefix}${key}.`)));
}

/** Something for every hole that any text has. */
const values = new Proxy({}, { get: (_none, name) => `‹${String(name)} $& {{x}}›`, has: () => true });
const holesOf = (text: string) =>
  Object.fromEntries([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = ""]) => [name, Reflect.get(values, name)]));

describe.each(LANGUAGES)("$tag", ({ tag, file }) => {
  test.each(["public", "shared"])("says with the texts of %s what the library says", async (area) => {
    const texts = textsOf(area, file);
    const options = { lng: tag, resources: { [tag]: { translation: texts } } };
    const library = i18next.createInstance();
    await library.init({ ...options, fallbackLng: false, interpolation: { escapeValue: false, skipOnVariables: true } });
    const own = light.createInstance();
    await own.init(options);
    const [theirs, ours] = [library.getFixedT(tag), own.getFixedT(tag)];
    for (const key of new Set(keysOf(texts).map((name) => name.replace(PLURAL, "")))) {
      const text = key
        .split(".")
        .reduce<string | Texts | undefined>((found, part) => (typeof found === "object" ? found[part] : undefined), texts);
      const holes = holesOf(typeof text === "string" ? text : "{{name}} {{total}} {{time}} {{value}} {{measured}}");
      expect(ours(key, holes)).toBe(theirs(key, holes));
      for (const count of COUNTS) expect(ours(key, { ...holes, count })).toBe(theirs(key, { ...holes, count }));
    }
    expect(readdirSync(join(LOCALES, area))).toContain(`${file}.json`);
  });
});

test("a text that is missing is shown by its key, and what is not given is nothing", async () => {
  const own = light.createInstance();
  await own.init({ lng: "en-US", resources: { "en-US": { translation: { a: { b: "{{x}}-{{y}}" } } } } });
  const t = own.getFixedT("en-US");
  expect([t("a.b", { x: 0 }), t("a.c"), t("a"), own.getFixedT("de")("a.b")]).toEqual(["0-", "a.c", "a", "a.b"]);
});

test("whoever listens hears of another language once it is spoken, and no more after leaving", async () => {
  const own = light.createInstance();
  await own.init({ lng: "en-US", resources: {} });
  own.addResourceBundle("de-DE", "translation", { a: "ja" });
  const heard: string[] = [];
  const listener = () => void heard.push(own.language);
  own.on("languageChanged", listener);
  expect(own.hasResourceBundle("de-DE")).toBe(true);
  await own.changeLanguage("de-DE");
  own.off("languageChanged", listener);
  await own.changeLanguage("en-US");
  expect(heard).toEqual(["de-DE"]);
  expect(own.getFixedT("de-DE")("a")).toBe("ja");
});

test.each(["en-US", "ar", "he-IL", "fa-IR", "zh-CN"])("%s is written in the direction that the library says", (tag) => {
  expect(light.createInstance().dir(tag)).toBe(i18next.createInstance().dir(tag));
});
