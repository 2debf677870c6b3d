import i18next from "i18next";
import { expect, test, vi } from "vitest";
import { formatsOf } from "./formats.ts";

async function speaker(language: string) {
  const instance = i18next.createInstance();
  await instance.init({
    lng: language,
    resources: { "en-US": { translation: { word: "yes" } }, "de-DE": { translation: { word: "ja" } } },
  });
  return instance;
}

test("all components share the formatters of a language", async () => {
  const made = vi.spyOn(Intl, "NumberFormat");
  const instance = await speaker("en-US");
  const formats = formatsOf(instance);
  const once = made.mock.calls.length;
  expect(once).toBeGreaterThan(0);
  expect(formatsOf(instance)).toBe(formats);
  // What `useTranslation` hands to each component.
  expect(formatsOf(new Proxy(instance, {}))).toBe(formats);
  expect(made.mock.calls.length).toBe(once);
});

test("another language has formats and texts of its own", async () => {
  const instance = await speaker("en-US");
  const before = formatsOf(instance);
  await instance.changeLanguage("de-DE");
  const after = formatsOf(instance);
  expect([before.t("word"), before.number.decimal(1.5, 1)]).toEqual(["yes", "1.5"]);
  expect([after.t("word"), after.number.decimal(1.5, 1)]).toEqual(["ja", "1,5"]);
});
