import { expect, test } from "vitest";
import { findEntries, keyOf, readRecent, withRecent } from "./palette-model.ts";
import type { EntryKind, PaletteEntry } from "./palette-model.ts";

const entry = (kind: EntryKind, name: string, aside = ""): PaletteEntry => ({ kind, name, aside, to: "/", search: {} });
const ENTRIES = [
  entry("page", "Servers"),
  entry("server", "tokyo-1", "192.0.2.10 jp"),
  entry("terminal", "tokyo-1"),
  entry("server", "new-tokyo", "192.0.2.11"),
  entry("service", "Website", "https://tokyo.example.com"),
];
const names = (query: string) => findEntries(ENTRIES, query).map(({ kind, name }) => `${kind} ${name}`);

test("what begins with the query comes first, what only mentions it last", () => {
  expect(names("tokyo")).toEqual(["server tokyo-1", "terminal tokyo-1", "server new-tokyo", "service Website"]);
});

test.each([
  ["192.0.2.11", ["server new-tokyo"]],
  ["terminal tok", ["terminal tokyo-1"]],
  ["TOKYO jp", ["server tokyo-1"]],
  ["osaka", []],
])("%s", (query, found) => {
  expect(names(query)).toEqual(found);
});

test("without a query everything is there in its order, but no endless list", () => {
  expect(names("")[0]).toBe("page Servers");
  expect(
    findEntries(
      Array.from({ length: 1000 }, (_, i) => entry("server", `s${i}`)),
      "s",
    ),
  ).toHaveLength(40);
});

test("what was gone to last is first while nothing is searched for", () => {
  const entries = ["a", "b", "c", "d"].map((name): PaletteEntry => ({ ...entry("page", name), to: `/${name}` }));
  const [a, b, c] = entries;
  if (!a || !b || !c) throw new Error("there are four");
  const recent = [a, c, b, c].reduce<string[]>(withRecent, []);
  expect(recent).toEqual([keyOf(c), keyOf(b), keyOf(a)]);
  expect(findEntries(entries, "", recent).map(({ name }) => name)).toEqual(["c", "b", "a", "d"]);
  expect(findEntries(entries, "d", recent).map(({ name }) => name)).toEqual(["d"]);
  expect(readRecent(recent.join("\n"))).toEqual(recent);
  expect(readRecent(undefined)).toEqual([]);
});

test("tags and groups are searched", () => {
  const tagged = { ...entry("server", "tokyo-1"), words: "web Asia" };
  expect(findEntries([tagged, entry("server", "osaka")], "asia")).toEqual([tagged]);
});
