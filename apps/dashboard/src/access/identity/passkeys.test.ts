import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ADMIN_PASSWORD, createSoftKey, openBench, setUpGenerator } from "#access/testing";
import type { AccessBench, Answer, Browser, SoftKey } from "#access/testing";

const ORIGIN = "https://dash.example.com:8443";
const UNAUTHORIZED = "ApiErrorUnauthorized";
const NOT_MADE = "response: it is not that of a passkey made just now for this site";

let bench: AccessBench;
let admin: Browser;
let key: SoftKey;
beforeEach(async () => {
  bench = await openBench({ config: { dashboardHost: "dash.example.com:8443" } });
  admin = await bench.admin();
  key = createSoftKey();
});
afterEach(async () => bench.close());

const creation = async (browser = admin): Promise<unknown> => (await browser.post("/passkey/options")).data;
const add = async (browser = admin, soft = key, name = "laptop"): Promise<Answer> =>
  browser.post("/passkey", { name, response: soft.create(await creation(browser), ORIGIN) });
const request = async (): Promise<unknown> => (await bench.browser().post("/login/passkey/options")).data;
const enter = async (answer: object, browser = bench.browser()): Promise<Answer> => browser.post("/login/passkey", answer);
const strikes = async (): Promise<number> => (await bench.access.waf.list({ offset: 0, limit: 10 })).total;

describe("a passkey", () => {
  test("is made for the configured host, added with a name, listed, used, and removed", async () => {
    expect(await creation()).toMatchObject({ rp: { id: "dash.example.com", name: "Ref" }, user: { name: "admin" }, attestation: "none" });
    expect((await add()).error).toBe("");
    expect((await admin.get("/passkey")).data).toEqual([{ id: key.id, name: "laptop", created_at: expect.any(String) as string }]);
    const browser = bench.browser();
    const answer = await enter(key.get(await request(), ORIGIN), browser);
    expect([answer.error, answer.setCookies.length]).toEqual(["", 2]);
    expect((await browser.get("/profile")).data).toMatchObject({ username: "admin", second_factor: true });
    expect((await admin.get("/passkey")).data).toMatchObject([{ name: "laptop", last_used_at: expect.any(String) as string }]);
    expect((await admin.call("DELETE", `/passkey/${key.id}`)).error).toBe("");
    expect((await enter(key.get(await request(), ORIGIN))).error).toBe(UNAUTHORIZED);
    expect((await admin.call("DELETE", `/passkey/${key.id}`)).error).toBe("there is no such passkey");
  });

  test("ends what other sessions have proven by the password, if it is the first factor", async () => {
    const other = await bench.admin();
    await add();
    expect((await other.call("DELETE", `/passkey/${key.id}`)).error).toBe("confirm it is you: sign in again");
    const third = bench.browser();
    await enter(key.get(await request(), ORIGIN), third);
    await add(admin, createSoftKey());
    expect((await third.call("DELETE", `/passkey/${key.id}`)).error).toBe("");
  });

  test("is one of several; each is its owner's alone", async () => {
    await admin.post("/user", { username: "alice", password: "alice-password", role: 1 });
    const alice = await bench.browser().signIn("alice", "alice-password");
    await add(admin, key, "");
    await add(admin, createSoftKey(), "");
    expect((await admin.get("/passkey")).data).toMatchObject([{ name: "Passkey 1" }, { name: "Passkey 2" }]);
    expect((await add(admin)).error).toBe("response: this passkey is there already");
    expect((await alice.get("/passkey")).data).toEqual([]);
    expect((await alice.call("DELETE", `/passkey/${key.id}`)).error).toBe("there is no such passkey");
  });

  test("is refused where it was made for another site, challenge or user, or without asking who is there", async () => {
    const tries = [
      key.create(await creation(), "https://evil.example.com"),
      key.create(await creation(), "http://dash.example.com:8443"),
      key.create({ ...((await creation()) as object), rp: { id: "evil.example.com" } }, ORIGIN),
      key.create({ ...((await creation()) as object), challenge: "AAAA" }, ORIGIN),
      key.create({ ...((await request()) as object), rp: { id: "dash.example.com" } }, ORIGIN),
      createSoftKey({ flags: 0x01 }).create(await creation(), ORIGIN),
    ];
    for (const response of tries) expect((await admin.post("/passkey", { response })).error).toBe(NOT_MADE);
    await admin.post("/user", { username: "alice", password: "alice-password", role: 1 });
    const alice = await bench.browser().signIn("alice", "alice-password");
    expect((await admin.post("/passkey", { response: key.create(await creation(alice), ORIGIN) })).error).toBe(NOT_MADE);
    expect((await admin.get("/passkey")).data).toEqual([]);
  });
});

describe("signing in", () => {
  beforeEach(async () => void (await add()));

  test("another site's answer, an older one, a changed one and one without its user are refused and count", async () => {
    const good = key.get(await request(), ORIGIN) as { response: { signature: string } };
    expect((await enter(good)).error).toBe("");
    const late = key.get(await request(), ORIGIN);
    bench.clock.advance(5 * 60_000 + 1);
    const changed = key.get(await request(), ORIGIN) as { response: { signature: string } };
    const tries: object[] = [
      good,
      late,
      key.get(await request(), "https://evil.example.com"),
      key.get({ ...((await request()) as object), rpId: "evil.example.com" }, ORIGIN),
      key.get(await creation().then((options) => ({ ...(options as object), rpId: "dash.example.com" })), ORIGIN),
      { ...changed, response: { ...changed.response, signature: good.response.signature } },
      createSoftKey().get(await request(), ORIGIN),
    ];
    for (const answer of tries) expect((await enter(answer)).error).toBe(UNAUTHORIZED);
  });

  test("what is refused counts against the address", async () => {
    await bench.close();
    bench = await openBench({ config: { dashboardHost: "dash.example.com:8443", webRealIpHeader: "NZ::Use-Peer-IP" } });
    admin = await bench.admin();
    await add();
    await enter(key.get(await request(), "https://evil.example.com"));
    expect(await strikes()).toBe(1);
  });

  test("a key that was copied, whose count goes back, is refused", async () => {
    await bench.database.kysely.updateTable("wf_passkeys").set({ counter: 1_000 }).execute();
    expect((await enter(key.get(await request(), ORIGIN))).error).toBe(UNAUTHORIZED);
  });

  test("two answers at once to the same count are one sign-in", async () => {
    const answer = key.get(await request(), ORIGIN);
    const both = await Promise.all([enter(answer), enter(answer)]);
    expect(both.map(({ error }) => error).toSorted()).toEqual(["", UNAUTHORIZED]);
  });

  test("the password alone is not enough any more, with whatever code", async () => {
    const login = async (fields: object): Promise<string> => (await bench.browser().post("/login", { username: "admin", ...fields })).error;
    expect(await login({ password: ADMIN_PASSWORD })).toBe("second factor required");
    expect(await login({ password: ADMIN_PASSWORD, code: "123456" })).toBe(UNAUTHORIZED);
  });
});

describe("proving again who one is", () => {
  test("a passkey of one's own does, once; somebody else's, and the password, do not", async () => {
    await add();
    bench.clock.advance(10 * 60_000);
    const makeUser = async (): Promise<string> => (await admin.post("/user", { username: "eve", password: "eve-password", role: 1 })).error;
    expect(await makeUser()).toBe("confirm it is you: sign in again");
    const options = (await admin.post("/step-up/options")).data;
    expect(options).toMatchObject({ allowCredentials: [{ id: key.id }] });
    expect((await admin.post("/step-up", { password: ADMIN_PASSWORD })).error).toContain("this code is not");
    expect((await admin.post("/step-up", { passkey: createSoftKey().get(options, ORIGIN) })).error).toContain("this code is not");
    expect((await admin.post("/step-up", { passkey: key.get(await request(), ORIGIN) })).error).toContain("this code is not");
    const passkey = key.get(options, ORIGIN);
    expect((await admin.post("/step-up", { passkey })).error).toBe("");
    expect((await admin.post("/step-up", { passkey })).error).toContain("this code is not");
    expect(await makeUser()).toBe("");
  });

  test("is asked for before passkeys are made or removed, whatever the setting says", async () => {
    await add();
    bench.settings.stepUp = "off";
    bench.clock.advance(10 * 60_000);
    const tried = [
      await admin.post("/passkey/options"),
      await admin.post("/passkey", {}),
      await admin.call("DELETE", `/passkey/${key.id}`),
    ];
    expect(tried.map(({ error }) => error)).toEqual(tried.map(() => "confirm it is you: sign in again"));
  });
});

describe("the site", () => {
  test("has to be configured, but for this machine", async () => {
    bench.settings.dashboardHost = "";
    expect((await admin.post("/passkey/options")).error).toBe("passkeys need the address of this dashboard: set dashboard_host");
    expect((await bench.browser().post("/login/passkey/options")).error).toContain("set dashboard_host");
  });
});

describe("passkeys go", () => {
  const left = async (): Promise<number> => (await bench.database.kysely.selectFrom("wf_passkeys").selectAll().execute()).length;

  test("with their user, and when an administrator resets what is asked of a user", async () => {
    await admin.post("/user", { username: "alice", password: "alice-password", role: 1 });
    const alice = await bench.browser().signIn("alice", "alice-password");
    await add(alice);
    expect((await admin.post("/user/2/reset-second-factor")).error).toBe("");
    // Whoever has the device that was lost may be signed in with it.
    expect([await left(), (await alice.get("/profile")).error]).toEqual([0, UNAUTHORIZED]);
    await alice.signIn("alice", "alice-password");
    expect((await alice.get("/profile")).data).not.toHaveProperty("second_factor");
    await add(alice, createSoftKey());
    await admin.post("/batch-delete/user", [2]);
    expect(await left()).toBe(0);
  });

  test("and with the last one the recovery codes, which those have who have passkeys alone", async () => {
    expect((await admin.post("/second-factor/recovery-codes")).error).toBe("there is no second factor");
    await add();
    const { recovery_codes: codes } = (await admin.post("/second-factor/recovery-codes")).data as { recovery_codes: string[] };
    const form = { username: "admin", password: ADMIN_PASSWORD };
    const lost = bench.browser();
    expect((await lost.post("/login", form)).error).toBe("second factor required");
    expect((await lost.post("/login", { ...form, code: codes[0] })).error).toBe("");
    expect((await lost.post("/login", { ...form, code: codes[0] })).error).toBe(UNAUTHORIZED);
    expect((await admin.get("/second-factor")).data).toMatchObject({ enabled: false, recovery_codes_left: 9 });
    await admin.call("DELETE", `/passkey/${key.id}`);
    expect((await admin.get("/second-factor")).data).toMatchObject({ enabled: false, recovery_codes_left: 0 });
    await add(admin, createSoftKey());
    expect((await lost.post("/login", { ...form, code: codes[1] })).error).toBe(UNAUTHORIZED);
  });

  test("and stay when the code generator is turned off", async () => {
    await setUpGenerator(admin, bench.clock.now());
    await add();
    await admin.call("DELETE", "/second-factor");
    expect((await enter(key.get(await request(), ORIGIN))).error).toBe("");
  });
});
