import { expect, test } from "vitest";
import { isCommonPassword } from "./common.ts";

test.each(["123456", "password", "Password", "qwertyuiop", "iloveyou"])("%s is common", async (password) => {
  expect(await isCommonPassword(password)).toBe(true);
});

test.each(["", "correct horse battery staple", "Vb7#kd92!x", "password of mine"])("%j is not", async (password) => {
  expect(await isCommonPassword(password)).toBe(false);
});
