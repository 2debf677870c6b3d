import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { hashOfRecoveryCode, makeRecoveryCodes } from "./recovery-codes.ts";

test("ten codes of 80 bits, all different", () => {
  const codes = makeRecoveryCodes(randomBytes);
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) expect(code).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/);
});

test("a code is known however it is typed, and nothing else is one", () => {
  const hash = hashOfRecoveryCode("abcd-efgh-ijkl-mn27");
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  for (const text of ["ABCD EFGH IJKL MN27", "abcdefghijklmn27", " abcd-efgh-ijklmn27\n"]) expect(hashOfRecoveryCode(text)).toBe(hash);
  for (const text of ["", "123456", "abcd-efgh-ijkl-mn2", "abcd-efgh-ijkl-mn277", "abcd-efgh-ijkl-mn01"])
    expect(hashOfRecoveryCode(text)).toBeUndefined();
});
