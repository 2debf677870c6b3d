import { expect, test } from "vitest";
import { readSiteGlobals } from "./site-globals.ts";

test("nothing is set on an ordinary page", () => {
  expect(readSiteGlobals({})).toEqual({
    background: undefined,
    mobileBackground: undefined,
    logo: undefined,
    description: undefined,
    links: [],
    theme: undefined,
    inline: false,
    sortType: undefined,
    sortOrder: undefined,
  });
});

test("the documented globals are read", () => {
  const globals = readSiteGlobals({
    CustomLogo: "/l.png",
    ForceTheme: "dark",
    ForceCardInline: true,
    ForceSortType: "cpu",
    ForceSortOrder: "asc",
  });
  expect(globals).toMatchObject({ logo: "/l.png", theme: "dark", inline: true, sortType: "cpu", sortOrder: "asc" });
});

test.each([
  ['[{"name":"Blog","link":"https://blog.example"}]', 1],
  ['[{"name":"Home","link":"/about"}]', 1],
  ['[{"name":"x","link":"javascript:alert(1)"}]', 0],
  ['[{"name":"x","link":"//evil.example"}]', 0],
  ['[{"link":"https://a.example"}]', 0],
  ["{}", 0],
  ["[", 0],
])("custom links %s give %d", (text, count) => {
  expect(readSiteGlobals({ CustomLinks: text }).links).toHaveLength(count);
});

test("wrong types are ignored", () => {
  expect(readSiteGlobals({ CustomLogo: 5, ForceTheme: "pink", ForceSortOrder: "up" })).toEqual(readSiteGlobals({}));
});
