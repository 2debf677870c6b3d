import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openBench, setUpGenerator } from "#access/testing";
import type { AccessBench, Answer, Browser } from "#access/testing";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15";
const HOME = "203.0.113.5";
const ALICE = { username: "alice", password: "alice-password" };

let bench: AccessBench;
let admin: Browser;
/** What was told to which group. */
let told: [number, string][];
beforeEach(async () => {
  told = [];
  bench = await openBench({
    config: { webRealIpHeader: "X-Test-IP" },
    deps: {
      tellGroup: async (_tx, _changes, groupId, text) => void told.push([groupId, text]),
      // Group 5 is the administrator's, group 6 alice's.
      notificationGroupOwner: async (id) => ({ 5: 1, 6: 2 })[id],
      countryOf: async (ip) => (ip === HOME ? "de" : ""),
      translate: (id, ...args) => args.reduce((text: string, arg) => text.replace(/%[ds]/, String(arg)), id),
    },
  });
  admin = await at(HOME, FIREFOX).signIn("admin", "first-password");
  await admin.post("/user", { ...ALICE, role: 1 });
});
afterEach(async () => bench.close());

const at = (ip: string, userAgent: string): Browser => bench.browser({ "x-test-ip": ip, "user-agent": userAgent });
const signIn = async (ip: string, userAgent: string): Promise<Browser> => at(ip, userAgent).signIn(ALICE.username, ALICE.password);
const isIn = async (browser: Browser): Promise<boolean> => (await browser.get("/profile")).error === "";
interface Row {
  readonly id: string;
  readonly current: boolean;
}
const listOf = async (browser: Browser): Promise<readonly Row[]> => (await browser.get("/session")).data as Row[];

describe("sessions", () => {
  test("are listed for their owner alone, with device, place and last use", async () => {
    const first = await signIn(HOME, FIREFOX);
    bench.clock.advance(1_000);
    const second = await signIn("198.51.100.4", SAFARI);
    expect(await listOf(second)).toMatchObject([
      { current: true, device: "Safari, macOS", address: "198.51.100.4" },
      { current: false, device: "Firefox, Linux", address: HOME, country: "de" },
    ]);
    expect((await listOf(second))[0]).not.toHaveProperty("country");
    expect((await listOf(first)).map(({ current }) => current)).toEqual([false, true]);
    expect(await listOf(admin)).toHaveLength(1);
    const keys = (await bench.database.kysely.selectFrom("jwt_sessions").select("key_id").execute()).map(({ key_id }) => key_id);
    for (const key of keys) expect(JSON.stringify(await listOf(second))).not.toContain(key);
  });

  test("end one at a time, and nobody else's", async () => {
    const [one, two] = [await signIn(HOME, FIREFOX), await signIn(HOME, SAFARI)];
    const mine = (await listOf(one)).find(({ current }) => current);
    expect((await admin.call("DELETE", `/session/${mine?.id ?? ""}`)).error).toBe("there is no such session");
    expect((await two.call("DELETE", `/session/${mine?.id ?? ""}`)).error).toBe("");
    expect([await isIn(one), await isIn(two)]).toEqual([false, true]);
  });

  test("end all but the one that asks", async () => {
    const all = [await signIn(HOME, FIREFOX), await signIn(HOME, SAFARI), await signIn("198.51.100.4", SAFARI)];
    expect((await all[1]?.post("/session/end-others"))?.error).toBe("");
    expect(await Promise.all(all.map(isIn))).toEqual([false, true, false]);
    expect(await isIn(admin)).toBe(true);
  });

  test("of a user are ended by an administrator", async () => {
    const [one, two] = [await signIn(HOME, FIREFOX), await signIn(HOME, SAFARI)];
    expect((await one.post("/user/1/end-sessions")).error).toBe("permission denied");
    expect((await admin.post("/user/9/end-sessions")).error).toBe("user id 9 does not exist");
    expect((await admin.post("/user/2/end-sessions")).error).toBe("");
    expect(await Promise.all([one, two, admin].map(isIn))).toEqual([false, false, true]);
  });

  test("that expired are not listed", async () => {
    await signIn(HOME, FIREFOX);
    bench.clock.advance(3_600_001);
    expect(await listOf(await signIn(HOME, FIREFOX))).toHaveLength(1);
  });
});

describe("a sign-in from a new device", () => {
  const choose = async (browser: Browser, groupId: number): Promise<Answer> =>
    browser.post("/sign-in-notice", { notification_group_id: groupId });

  test("is told to the group that the user chose: once for each device and network, and never the first of all", async () => {
    const alice = await signIn(HOME, FIREFOX);
    expect((await choose(alice, 6)).error).toBe("");
    expect((await alice.get("/sign-in-notice")).data).toEqual({ notification_group_id: 6 });
    expect(told).toEqual([]);
    await signIn(HOME, FIREFOX);
    await signIn(HOME, SAFARI);
    await signIn(HOME, SAFARI);
    await signIn("198.51.100.4", FIREFOX);
    expect(told).toEqual([
      [6, `New sign-in of alice: Safari, macOS, from ${HOME}`],
      [6, "New sign-in of alice: Firefox, Linux, from 198.51.100.4"],
    ]);
    await choose(alice, 0);
    await signIn(HOME, "curl/8");
    expect(told).toHaveLength(2);
  });

  test("is told through channels alone that one may manage", async () => {
    const alice = await signIn(HOME, FIREFOX);
    expect((await choose(alice, 5)).error).toBe("permission denied");
    expect((await choose(alice, 99)).error).toBe("notification group id 99 does not exist");
  });

  test("is not made where it cannot be told", async () => {
    await bench.close();
    bench = await openBench({ deps: { tellGroup: () => Promise.reject(new Error("disk")) } });
    admin = await bench.admin({ "user-agent": FIREFOX });
    await bench.database.kysely.insertInto("wf_sign_in_notices").values({ user_id: 1, group_id: 5 }).execute();
    const answer = await bench.browser({ "user-agent": SAFARI }).post("/login", { username: "admin", password: "first-password" });
    expect([answer.data, answer.setCookies]).toEqual([undefined, []]);
    expect(await listOf(admin)).toHaveLength(1);
  });

  test("goes with its user and with its group", async () => {
    const alice = await signIn(HOME, FIREFOX);
    await choose(alice, 6);
    await bench.database.change((tx, changes) => bench.access.cascades.notificationGroups(tx, [5], changes));
    expect((await alice.get("/sign-in-notice")).data).toEqual({ notification_group_id: 6 });
    await bench.database.change((tx, changes) => bench.access.cascades.notificationGroups(tx, [6], changes));
    expect((await alice.get("/sign-in-notice")).data).toEqual({ notification_group_id: 0 });
    await choose(alice, 6);
    await bench.database.change((tx, changes) => bench.access.cascades.users(tx, [2], changes));
    expect((await alice.get("/sign-in-notice")).data).toEqual({ notification_group_id: 0 });
  });
});

test("both are told when an administrator takes a second factor away", async () => {
  const alice = await signIn(HOME, FIREFOX);
  await alice.post("/sign-in-notice", { notification_group_id: 6 });
  await admin.post("/sign-in-notice", { notification_group_id: 5 });
  await setUpGenerator(alice, bench.clock.now());
  expect((await admin.post("/user/2/reset-second-factor")).error).toBe("");
  expect(told.toSorted(([a], [b]) => a - b)).toEqual([
    [5, "The second factor of alice was taken away by admin"],
    [6, "The second factor of alice was taken away by admin"],
  ]);
});

test("nobody's sign-ins are told to channels of somebody else, not even an administrator's", async () => {
  expect((await admin.post("/sign-in-notice", { notification_group_id: 6 })).error).toBe("permission denied");
  expect((await admin.get("/sign-in-notice")).data).toEqual({ notification_group_id: 0 });
});
