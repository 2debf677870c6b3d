import i18next from "i18next";
import { expect, test, vi } from "vitest";
import { USUAL } from "./conventions.ts";
import { followConventions, formatsOf } from "./formats.ts";

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

test("another zone and other units are followed at once, and told to whoever shows something", async () => {
  const instance = await speaker("en-US");
  const told = vi.fn<() => void>();
  instance.on("languageChanged", told);
  const noon = Date.parse("2026-08-03T12:00:00Z");
  followConventions(instance, { zone: "Asia/Tokyo", bytes: 1000, temperature: "fahrenheit" });
  const { time, number } = formatsOf(instance);
  expect([time.clock(noon), time.wall.write(noon), number.bytes(2e9), number.temperature(20)]).toEqual([
    "21:00",
    "2026-08-03T21:00",
    "2.00\u00a0GB",
    "68\u00a0°F",
  ]);
  expect(told).toHaveBeenCalledOnce();
  await instance.changeLanguage("de-DE");
  expect(formatsOf(instance).time.zone).toBe("Asia/Tokyo");
  followConventions(instance, USUAL);
  expect(formatsOf(instance).number.temperature(20)).toBe("20\u00a0°C");
});
