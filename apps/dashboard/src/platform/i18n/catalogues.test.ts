import { readdirSync } from "node:fs";
import { API_MESSAGE_IDS, LITERAL_ERRORS, NOTICE_MESSAGE_IDS } from "@windfire/api";
import { expect, test } from "vitest";
import { CATALOGUES } from "./catalogues.ts";
import { PLACEHOLDER } from "./format.ts";

const IDS = [...API_MESSAGE_IDS, ...NOTICE_MESSAGE_IDS];
const placeholders = (text: string) => text.match(PLACEHOLDER) ?? [];
const locales = [...CATALOGUES].map(([locale, catalogue]) => ({ locale, catalogue }));

test("every file of the folder is in use", () => {
  const files = readdirSync(new URL("./catalogues", import.meta.url)).map((file) => file.replace(".json", ""));
  expect([...CATALOGUES.keys()]).toEqual(files.toSorted());
  expect(files).toHaveLength(15);
});

test.each(locales)("$locale has every message and no other", ({ catalogue }) => {
  expect(Object.keys(catalogue)).toEqual(IDS);
  for (const [id, text] of Object.entries(catalogue)) expect(text.trim(), id).not.toBe("");
});

test.each(locales)("$locale keeps the placeholders in order, and no stray percent sign", ({ catalogue }) => {
  for (const [id, text] of Object.entries(catalogue)) {
    expect(placeholders(text), id).toEqual(placeholders(id));
    expect(text.replaceAll(PLACEHOLDER, ""), id).not.toContain("%");
  }
});

test.each(locales.filter(({ locale }) => locale !== "en_US"))("$locale is translated", ({ catalogue }) => {
  const same = Object.entries(catalogue).filter(([id, text]) => id === text && /[a-z]{3}/i.test(id.replaceAll(PLACEHOLDER, "")));
  expect(same.map(([id]) => id).filter((id) => id !== "Incident")).toEqual([]);
});

test("English errors are their ids: scripts compare them", () => {
  for (const id of API_MESSAGE_IDS) expect(CATALOGUES.get("en_US")?.[id]).toBe(id);
});

test("texts that clients compare have no translation", () => {
  const texts: readonly string[] = Object.values(LITERAL_ERRORS);
  expect(IDS.filter((id) => texts.includes(id))).toEqual([]);
});
