import { expect, test } from "vitest";
import type { Account } from "./account-store.ts";
import { requireNewName } from "./user-names.ts";

const accounts = {
  list: () => [[1, "admin"] as const, [2, "Bob  Smith"] as const].map(([id, username]) => ({ user: { id, username } }) as Account),
};

test.each([
  ["admin", "username already exists"],
  ["Admin", "username: reads like that of another user"],
  ["ａｄｍｉｎ", "username: reads like that of another user"],
  ["ad\u200bmin", "username: reads like that of another user"],
  ["bob smith", "username: reads like that of another user"],
  [" admin", "username: must not begin or end with a blank"],
  ["admin\n", "username: must not begin or end with a blank"],
  ["ad\u0000min", "username: must not hold control or direction characters"],
  ["a\tb", "username: must not hold control or direction characters"],
  ["\u202enimda", "username: must not hold control or direction characters"],
])("%j is refused", (name, error) => {
  expect(() => requireNewName(name, "username", accounts)).toThrow(error);
});

test.each(["alice", "users-ümlaut x", "админ", "管理者", "bob.smith"])("%j may be taken", (name) => {
  expect(() => requireNewName(name, "username", accounts)).not.toThrow();
});

test("who has a name may write it otherwise", () => {
  expect(() => requireNewName("Bob Smith", "username", accounts, 2)).not.toThrow();
  expect(() => requireNewName("Bob Smith", "username", accounts, 1)).toThrow("reads like");
});
