import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ADMIN_PASSWORD, openBench, setUpGenerator } from "#access/testing";
import type { AccessBench, Answer, Browser } from "#access/testing";

const CONFIRM = "confirm it is you: sign in again";
const TEN_MINUTES_MS = 10 * 60_000;

let bench: AccessBench;
let admin: Browser;
beforeEach(async () => {
  bench = await openBench();
  admin = await bench.admin();
});
afterEach(async () => bench.close());

let made = 0;
/** One of those that ask for it. */
const createUser = async (browser = admin): Promise<string> =>
  (await browser.post("/user", { username: `user ${++made}`, password: "user-password", role: 1 })).error;
const long = (): void => bench.clock.advance(TEN_MINUTES_MS);

describe("the setting", () => {
  test("as it comes asks nobody without a second factor, at any time", async () => {
    long();
    expect(await createUser()).toBe("");
  });

  test("as it comes asks who has one, ten minutes after the last proof", async () => {
    const generator = await setUpGenerator(admin, bench.clock.now());
    bench.clock.advance(TEN_MINUTES_MS - 1);
    expect(await createUser()).toBe("");
    bench.clock.advance(1);
    expect(await createUser()).toBe(CONFIRM);
    expect((await admin.post("/step-up", { code: generator.at(bench.clock.now()) })).error).toBe("");
    expect(await createUser()).toBe("");
  });

  test("asks everybody, or nobody, at once when it is changed", async () => {
    long();
    bench.settings.stepUp = "all";
    expect(await createUser()).toBe(CONFIRM);
    bench.settings.stepUp = "off";
    expect(await createUser()).toBe("");
  });
});

describe("a proof", () => {
  const prove = async (form: object): Promise<Answer> => admin.post("/step-up", form);

  test("is the password where there is no second factor, and says until when it holds", async () => {
    bench.settings.stepUp = "all";
    long();
    for (const form of [{}, { password: "wrong" }, { code: "123456" }]) expect((await prove(form)).error).toBe("incorrect password");
    expect(await createUser()).toBe(CONFIRM);
    const { until } = (await prove({ password: ADMIN_PASSWORD })).data as { until: string };
    expect(Date.parse(until)).toBe(bench.clock.now() + TEN_MINUTES_MS);
    expect(await createUser()).toBe("");
  });

  test("is a code where there is one, once each; the password is none then", async () => {
    const generator = await setUpGenerator(admin, bench.clock.now());
    long();
    const code = generator.at(bench.clock.now());
    expect((await prove({ password: ADMIN_PASSWORD })).error).toContain("this code is not");
    expect((await prove({ code })).error).toBe("");
    expect((await prove({ code })).error).toBe("this code is not the one shown now, or it was used already");
    const [recovery = ""] = generator.recoveryCodes;
    expect([(await prove({ code: recovery })).error, (await prove({ code: recovery })).error]).toEqual([
      "",
      expect.stringContaining("this code is not"),
    ]);
  });

  test("holds for its session alone", async () => {
    bench.settings.stepUp = "all";
    const other = await bench.admin();
    long();
    await prove({ password: ADMIN_PASSWORD });
    expect([await createUser(), await createUser(other)]).toEqual(["", CONFIRM]);
  });

  test("by the password is none any more in other sessions, once there is a second factor", async () => {
    const other = await bench.admin();
    const generator = await setUpGenerator(admin, bench.clock.now());
    expect(await createUser(other)).toBe(CONFIRM);
    expect((await other.call("DELETE", "/second-factor")).error).toBe(CONFIRM);
    expect(await createUser()).toBe("");
    bench.clock.advance(30_000);
    expect((await other.post("/step-up", { code: generator.at(bench.clock.now()) })).error).toBe("");
    expect(await createUser(other)).toBe("");
  });

  test("does not outlast a clock that was set back by more than it holds", async () => {
    bench.settings.stepUp = "all";
    bench.clock.jump(-TEN_MINUTES_MS);
    expect(await createUser()).toBe(CONFIRM);
  });
});

test("access tokens are not asked; making one is", async () => {
  bench.settings.stepUp = "all";
  const { token } = (await admin.post("/api-tokens", { name: "ci", scopes: ["nezha:*"] })).data as { token: string };
  long();
  expect((await admin.post("/api-tokens", { name: "ci", scopes: ["nezha:server:exec"] })).error).toBe(CONFIRM);
  expect(await createUser(bench.browser({ authorization: `Bearer ${token}` }))).toBe("");
});

test("a session that another program began has proven nothing, and may", async () => {
  bench.settings.stepUp = "all";
  await bench.database.change(async (tx, changes) => {
    const [row] = await tx.deleteFrom("wf_sessions").returning("key_id").execute();
    changes.put("session", row?.key_id ?? "");
  });
  expect(await createUser()).toBe(CONFIRM);
  expect((await admin.post("/step-up", { password: ADMIN_PASSWORD })).error).toBe("");
  expect(await createUser()).toBe("");
});
