import fc from "fast-check";
import { expect, test } from "vitest";
import type { OwnCredentials } from "#access/identity";
import { withoutOwnCredentials } from "./credentials.ts";

/** A: a session of ours; E: the same, expired; P: an access token of ours; everything else is foreign (spec 30 section 6.3). */
const A = "eyJhbGciOiJIUzI1NiJ9.eyJ1aWQiOiJhIn0.sig-A";
const E = "eyJhbGciOiJIUzI1NiJ9.eyJ1aWQiOiJhIn0.sig-E";
const P = "nzp_abcdefghijklmnopqrstuvwxyz012345";
let asked: string[] = [];
const own: OwnCredentials = {
  among(texts) {
    asked = [...texts];
    const found = new Set(texts.filter((text) => [A, E, P].includes(text)));
    return texts.some((text) => text.startsWith("nzp_")) ? Promise.resolve(found) : found;
  },
  isCsrf: (value) => value === "signed.csrf",
  isOAuth2Key: (value) => value === "waiting",
};
const strip = async (target: string, ...rawHeaders: string[]) => {
  const head = await withoutOwnCredentials({ target, rawHeaders }, own);
  return [head.target, ...head.rawHeaders];
};

test.each([
  ["C1", ["/", "Authorization", `Bearer ${A}`], ["/"]],
  ["C1, an expired session", ["/", "authorization", `Bearer   ${E} `], ["/"]],
  ["C1, an access token", ["/", "authorization", `Bearer ${P}`], ["/"]],
  ["C2, foreign", ["/", "Authorization", "Bearer f"], "unchanged"],
  ["C2, a foreign access token", ["/", "Authorization", "Bearer nzp_of-somebody-else"], "unchanged"],
  ["C2, another scheme", ["/", "Authorization", `Basic ${A}`], "unchanged"],
  ["C2, in small letters", ["/", "Authorization", `bearer ${A}`], "unchanged"],
  ["C3", ["/", "Authorization", "Bearer f", "X", "y", "Authorization", `Bearer ${E}`], ["/", "X", "y"]],
  ["C4", [`/x?keep=1&token=${A}&token=f&%74oken=${P}`], ["/x?keep=1&token=f"]],
  ["C5", [`/x?token=${A}`], ["/x"]],
  ["C6", ["/x?token=%ZZ"], "unchanged"],
  ["C7", ["/", "Cookie", `sid=abc; nz-jwt=${A}; nz-jwt=f`], ["/", "Cookie", "sid=abc; nz-jwt=f"]],
  ["C8, percent-encoded", ["/", "Cookie", `nz-jwt=%65${A.slice(1)}`], ["/"]],
  ["C8, in quotes", ["/", "Cookie", `nz-jwt="${A}"`], ["/"]],
  ["C8, between blanks", ["/", "Cookie", `  nz-jwt = ${A} ;`], ["/"]],
  ["the first of several cookies", ["/", "Cookie", `nz-jwt=${A}; sid=abc`], ["/", "Cookie", "sid=abc"]],
  ["several lines of cookies", ["/", "cookie", "sid=abc", "cookie", `nz-jwt=${A}`], ["/", "cookie", "sid=abc"]],
  ["a value after a plus sign", [`/?token=+${A}`], ["/"]],
  ["our other cookies", ["/", "Cookie", "nz-csrf=signed.csrf; a=b; nz-o2s=waiting; nz-wf-x=1"], ["/", "Cookie", " a=b".trim()]],
  ["foreign ones of those names", ["/", "Cookie", "nz-csrf=other; nz-o2s=other"], "unchanged"],
  ["names that only look like ours", [`/?tokens=${A}&Token=${A}`, "Cookie", `NZ-JWT=${A}; x-nz-jwt=${A}`], "unchanged"],
  ["an empty query", ["/x?", "Cookie", ""], "unchanged"],
])("%s", async (_what, [target = "", ...headers], expected) => {
  expect(await strip(target, ...headers)).toEqual(expected === "unchanged" ? [target, ...headers] : expected);
});

test("C9: of 20 distinct values 16 are looked at, the rest counts as ours", async () => {
  const values = Array.from({ length: 20 }, (_, at) => (at === 17 ? A : `f${at}`));
  expect(await strip(`/?${values.map((value) => `token=${value}`).join("&")}`)).toEqual([
    `/?${values
      .slice(0, 16)
      .map((value) => `token=${value}`)
      .join("&")}`,
  ]);
  expect(asked).toHaveLength(16);
});

test("C9: they are counted in the order header, query, cookies", async () => {
  const query = Array.from({ length: 15 }, (_, at) => `token=f${at}`).join("&");
  const head = ["Cookie", "nz-jwt=late", "Authorization", "Bearer first"];
  expect(await strip(`/?${query}`, ...head)).toEqual([`/?${query}`, "Authorization", "Bearer first"]);
});

test("C10: the same value two hundred times is one", async () => {
  const target = `/?${Array.from({ length: 200 }, () => "token=f").join("&")}`;
  expect(await strip(target)).toEqual([target]);
  expect(asked).toEqual(["f"]);
});

test("what holds nothing of ours passes byte for byte", async () => {
  const value = fc.string({ unit: fc.constantFrom(...Array.from('ab=;& %+"?/.,:nz-jwt')) });
  await fc.assert(
    fc.asyncProperty(value, fc.array(fc.tuple(fc.constantFrom("Cookie", "Authorization", "X"), value)), async (query, headers) => {
      const flat = headers.flat();
      expect(await strip(`/?${query}`, ...flat)).toEqual([`/?${query}`, ...flat]);
    }),
  );
});
