import fc from "fast-check";
import { expect, test } from "vitest";
import { loadCodes } from "./codes.ts";

const codes = await loadCodes();
/** `12345678901234567890`, the secret of RFC 6238, in Base32. */
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const STEP_MS = 30_000;

test.each([
  [59, "94287082"],
  [1_111_111_109, "07081804"],
  [1_111_111_111, "14050471"],
  [1_234_567_890, "89005924"],
  [2_000_000_000, "69279037"],
  [20_000_000_000, "65353130"],
])("RFC 6238, appendix B, at %i s", (seconds, digits) => {
  expect(codes.stepOf(SECRET, digits.slice(-6), seconds * 1000, [])).toBe(Math.floor(seconds / 30));
});

test("a code is good one step early and one step late, and no further; a used step is not", () => {
  const at = 1_111_111_111_000;
  const step = Math.floor(at / STEP_MS);
  for (const apart of [-1, 0, 1]) expect(codes.stepOf(SECRET, "050471", at + apart * STEP_MS, [])).toBe(step);
  for (const apart of [-3, -2, 2, 3]) expect(codes.stepOf(SECRET, "050471", at + apart * STEP_MS, [])).toBeUndefined();
  expect(codes.stepOf(SECRET, "050471", at, [step])).toBeUndefined();
  expect(codes.stepOf(SECRET, "050471", at, [step - 1, step + 1])).toBe(step);
});

test.each(["", "05047", "0050471", "05047a", "０５０４７１", " 050471", "050471\n"])("%j is no code", (text) => {
  expect(codes.stepOf(SECRET, text, 1_111_111_111_000, [])).toBeUndefined();
});

test("any other six digits are refused", () => {
  const at = 1_111_111_111_000;
  const good = new Set(["050471", "081804"]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999 }), (number) => {
      const code = String(number).padStart(6, "0");
      const step = codes.stepOf(SECRET, code, at, []);
      if (step === undefined) expect(good.has(code)).toBe(false);
      else expect(Math.abs(step - Math.floor(at / STEP_MS))).toBeLessThanOrEqual(1);
    }),
    { numRuns: 300 },
  );
});

test("secrets have 160 bits and differ; the address of a generator names site and account, whatever they hold", () => {
  const [first, second] = [codes.makeSecret(), codes.makeSecret()];
  expect(first).toMatch(/^[A-Z2-7]{32}$/);
  expect(second).not.toBe(first);
  const uri = new URL(codes.uri(first, { issuer: "My: site?&", account: "ali/ce #1" }));
  expect([uri.protocol, uri.searchParams.get("secret"), uri.searchParams.get("issuer")]).toEqual(["otpauth:", first, "My: site?&"]);
  expect(decodeURIComponent(uri.pathname)).toContain("ali/ce #1");
});
