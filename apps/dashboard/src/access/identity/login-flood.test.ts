import { afterEach, describe, expect, test } from "vitest";
import { createPasswords } from "#platform/password";
import type { Passwords } from "#platform/password";
import { ADMIN_PASSWORD, openBench } from "#access/testing";
import type { AccessBench, Answer, Browser } from "#access/testing";

let bench: AccessBench;
afterEach(async () => bench.close());

/** Comparisons that end when they are told to. */
interface Held {
  readonly passwords: Passwords;
  /** Passwords whose comparison has begun. */
  readonly begun: string[];
  /** Ends the comparisons under way, and those that follow. */
  release(): void;
}

function hold(): Held {
  const real = createPasswords({ cost: 4 });
  const gate = Promise.withResolvers<void>();
  const begun: string[] = [];
  const verify: Passwords["verify"] = async (password, hash) => {
    begun.push(password);
    await gate.promise;
    return real.verify(password, hash);
  };
  return { passwords: { hash: async (password) => real.hash(password), verify, isCheap: () => false }, begun, release: gate.resolve };
}

const open = async (webRealIpHeader: string, held = hold()): Promise<Held> => {
  bench = await openBench({ config: { webRealIpHeader }, deps: { passwords: held.passwords } });
  return held;
};
const at = (ip: string): Browser => bench.browser({ "x-test-ip": ip });
const login = async (browser: Browser, password: string): Promise<Answer> => browser.post("/login", { username: "admin", password });
const guesses = (browser: (i: number) => Browser, count: number): Promise<Answer>[] =>
  Array.from({ length: count }, async (_, i) => login(browser(i), `guess ${i}`));
const waiting = async (count: number): Promise<void> => {
  await expect.poll(() => bench.access.stats.attemptsWaiting, { interval: 5 }).toBe(count);
};

describe("where no address is known", () => {
  test("no number of wrong passwords stops the right one", async () => {
    const held = await open("");
    held.release();
    for (let i = 0; i < 60; i++) expect((await login(bench.browser(), `guess ${i}`)).error).toBe("ApiErrorUnauthorized");
    expect((await login(bench.browser(), ADMIN_PASSWORD)).error).toBe("");
    expect(bench.access.stats.attemptsRefused).toBe(0);
  });

  test("a burst does not stand before the one who comes after it", async () => {
    const held = await open("");
    const burst = guesses(() => bench.browser(), 100);
    await waiting(98);
    const right = login(bench.browser(), ADMIN_PASSWORD);
    await waiting(99);
    held.release();
    expect((await right).error).toBe("");
    expect(held.begun.indexOf(ADMIN_PASSWORD)).toBeLessThan(4);
    for (const { error } of await Promise.all(burst)) expect(error).toBe("ApiErrorUnauthorized");
  });

  test("a password that was right lately does not wait at all", async () => {
    const early = hold();
    early.release();
    const gate = hold();
    let current = early;
    const passwords: Passwords = {
      hash: async (text) => early.passwords.hash(text),
      verify: async (...args) => current.passwords.verify(...args),
      isCheap: () => false,
    };
    await open("", { ...early, passwords });
    await bench.admin();
    current = gate;
    const burst = guesses(() => bench.browser(), 20);
    await waiting(18);
    expect((await login(bench.browser(), ADMIN_PASSWORD)).error).toBe("");
    gate.release();
    await Promise.all(burst);
  });
});

describe("where addresses are known", () => {
  test.each<[string, (i: number) => string]>([
    ["one address", () => "198.51.100.1"],
    ["one /64", (i) => `2001:db8:0:7::${i.toString(16)}`],
    ["one /64 in many spellings", (i) => `2001:DB8:0000:7:${i % 2 === 0 ? "" : "0:0:"}:${i.toString(16)}`],
  ])("%s holds two waiting comparisons, others come in", async (_label, ip) => {
    const held = await open("X-Test-IP");
    const flood = guesses((i) => at(ip(i + 1)), 40);
    await expect.poll(() => bench.access.stats.attemptsRefused, { interval: 5 }).toBe(36);
    const right = login(at("198.51.100.200"), ADMIN_PASSWORD);
    await waiting(3);
    held.release();
    expect((await right).error).toBe("");
    const answers = await Promise.all(flood);
    expect(answers.filter(({ status, headers }) => status === 429 && headers.get("retry-after") === "1")).toHaveLength(36);
    expect(held.begun.filter((password) => password !== ADMIN_PASSWORD).length).toBeLessThanOrEqual(2);
  });
});

test("a remembered password is none any more once it was changed or its user deleted", async () => {
  const held = await open("");
  held.release();
  const admin = await bench.admin();
  await admin.post("/user", { username: "alice", password: "alice-password", role: 1 });
  const alice = await bench.browser().signIn("alice", "alice-password");
  await alice.post("/profile", { original_password: "alice-password", new_username: "alice", new_password: "another-one" });
  await expect(bench.browser().signIn("alice", "alice-password")).rejects.toThrow("ApiErrorUnauthorized");
  await bench.browser().signIn("alice", "another-one");
  await admin.post("/batch-delete/user", [2]);
  await expect(bench.browser().signIn("alice", "another-one")).rejects.toThrow("ApiErrorUnauthorized");
});
