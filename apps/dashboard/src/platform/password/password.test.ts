import { expect, test } from "vitest";
import { createPasswords } from "./index.ts";

const passwords = createPasswords({ cost: 4 });

test("a hash has the usual cost and matches its own password only", async () => {
  const hash = await createPasswords().hash("correct horse");
  expect(hash).toMatch(/^\$2b\$12\$.{53}$/);
  await expect(passwords.verify("correct horse", hash)).resolves.toBe(true);
  await expect(passwords.verify("wrong horse", hash)).resolves.toBe(false);
});

// From the published test vectors of crypt_blowfish.
test.each(["$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"])(
  "hashes of other programs are understood: %s",
  async (hash) => {
    await expect(passwords.verify("U*U", hash)).resolves.toBe(true);
    await expect(passwords.verify("U*", hash)).resolves.toBe(false);
  },
);

test.each(["", "x", "$2b$10$short", `$2b$10$${".".repeat(53)}`, `$1$10$${".".repeat(53)}`])("nothing matches the hash %j", async (hash) => {
  await expect(passwords.verify("", hash)).resolves.toBe(false);
  await expect(passwords.verify("admin", hash)).resolves.toBe(false);
});

test("72 bytes are hashed whole, 73 are refused, counted in bytes", async () => {
  const longest = "é".repeat(36);
  const hash = await passwords.hash(longest);
  await expect(passwords.verify(longest, hash)).resolves.toBe(true);
  await expect(passwords.hash(`${longest}a`)).rejects.toThrow("bcrypt: password length exceeds 72 bytes");
});

test("a hash of less than the usual cost is cheap; one of more, or none at all, is not", async () => {
  const usual = createPasswords();
  expect([usual.isCheap(await passwords.hash("x")), usual.isCheap(`$2a$10$${".".repeat(53)}`)]).toEqual([true, true]);
  expect([`$2b$12$${".".repeat(53)}`, `$2b$13$${".".repeat(53)}`, "", "x"].map(usual.isCheap)).toEqual([false, false, false, false]);
});
