import { expect, test } from "vitest";
import { readConventions, USUAL, writeConventions } from "./conventions.ts";
import type { Preferences } from "./storage.ts";

function memory(entries: Record<string, string> = {}): Preferences {
  const kept = new Map(Object.entries(entries));
  return { read: (key) => kept.get(key), write: (key, value) => void kept.set(key, value) };
}

test("nothing kept means the usual", () => {
  expect(readConventions(memory())).toEqual(USUAL);
});

test("what is kept is read again, the usual too", () => {
  const preferences = memory();
  const chosen = { zone: "Asia/Tokyo", bytes: 1000, temperature: "fahrenheit" } as const;
  writeConventions(preferences, chosen);
  expect(readConventions(preferences)).toEqual(chosen);
  writeConventions(preferences, USUAL);
  expect(readConventions(preferences)).toEqual(USUAL);
});

test("a zone that is none is the browser's", () => {
  expect(readConventions(memory({ "wf-zone": "Mars/Olympus", "wf-bytes": "dozen", "wf-temperature": "kelvin" }))).toEqual(USUAL);
});
