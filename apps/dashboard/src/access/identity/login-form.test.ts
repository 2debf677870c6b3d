import { expect, test } from "vitest";
import { claimOf } from "./login-form.ts";

test.each([
  ["secret123456", undefined, "secret", "123456"],
  ["hunter123456654321", undefined, "hunter123456", "654321"],
  ["secret", undefined, "secret", ""],
  ["secret12345", undefined, "secret12345", ""],
  ["123456", undefined, "123456", ""],
  ["a\nb123456", undefined, "a\nb", "123456"],
  ["secret１２３４５６", undefined, "secret１２３４５６", ""],
  ["secret123456", "", "secret123456", ""],
  ["secret123456", " 654321 ", "secret123456", "654321"],
  ["secret", "abcd-efgh-ijkl-mnop", "secret", "abcd-efgh-ijkl-mnop"],
])("%j with the field %j is the password %j and the code %j", (password, code, rest, digits) => {
  expect(claimOf({ username: "admin", password, code })).toEqual({ password: rest, code: digits });
});
