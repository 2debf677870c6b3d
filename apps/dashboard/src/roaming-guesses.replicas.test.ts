import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeAt } from "#access/testing";
import { openRoamingStage, openSocket } from "./compose/testing/roaming-stage.ts";
import type { RoamingStage } from "./compose/testing/roaming-stage.ts";

/** Whoever guesses at one dashboard after the other guesses no more than at one. */
let stage: RoamingStage;
beforeAll(async () => {
  stage = await openRoamingStage("roaming_guesses");
}, 120_000);
afterAll(() => stage.close());

/**
 * Many attempts, each at another dashboard than the one before: how many pass beyond what one dashboard alone would let through.
 * Some may, within the time of a message; where each counts for itself it is twice the burst.
 */
const beyond = async (
  { burst, refillMs }: { readonly burst: number; readonly refillMs: number },
  attempt: () => Promise<{ readonly status: number }>,
): Promise<number> => {
  const began = performance.now();
  let passed = 0;
  for (let turn = 0; turn < burst * 3; turn++) if ((await attempt()).status !== 429) passed++;
  return Math.max(0, passed - burst - Math.ceil((performance.now() - began) / refillMs));
};

describe("guesses", () => {
  test("at a password block their address at all dashboards, and what an administrator blocks or frees is so at all", async () => {
    const [guesser, admin] = [stage.browser(), await stage.signedIn()];
    await guesser.send("POST", "/login", { username: "nobody", password: "wrong-password" });
    for (let turn = 0; turn < 3; turn++) expect((await guesser.send("GET", "/setting")).status).toBe(403);
    const [{ value }] = [await admin.call<{ value: { ip: string }[] }>("GET", "/waf")];
    const ip = guesser.headers()["x-real-ip"] ?? "";
    expect(value.map((row) => row.ip)).toContain(ip);
    await admin.call("POST", "/batch-delete/waf", [ip]);
    for (let turn = 0; turn < 3; turn++) expect((await guesser.send("GET", "/setting")).status).toBe(200);
    const socket = await openSocket(guesser, "/ws/server");
    const closed = once(socket, "close");
    await admin.call("POST", "/online-user/batch-block", [ip]);
    await closed;
    for (let turn = 0; turn < 3; turn++) expect((await guesser.send("GET", "/setting")).status).toBe(403);
    await admin.call("POST", "/batch-delete/waf", [ip]);
  });

  test("at the own password, at codes for hosts, at share links and at pages have one pace each", async () => {
    const who = await stage.person();
    const one = await stage.signedIn(who);
    const wrong = { original_password: "wrong-password", new_username: who.username, new_password: "another-password" };
    expect(await beyond({ burst: 20, refillMs: 6_000 }, () => one.send("POST", "/profile", wrong))).toBeLessThan(10);
    const host = stage.browser();
    expect(
      await beyond({ burst: 20, refillMs: 6_000 }, () =>
        host.send("POST", "/enrol", { code: "wrong", uuid: "11111111-2222-4333-8444-555555555555" }),
      ),
    ).toBe(0);
    const admin = await stage.signedIn();
    const rows = [{ kind: "server", id: 1 }];
    const { secret } = await admin.call<{ secret: string }>("POST", "/share-link", {
      name: "s",
      rows,
      expires_in_days: 1,
      password: "right-password",
    });
    const visitor = stage.browser();
    expect(
      await beyond({ burst: 10, refillMs: 30_000 }, () => visitor.send("POST", "/share-link/open", { secret, password: "wrong-password" })),
    ).toBe(0);
    const page = { slug: "closed", title: "Closed", groups: [], visibility: "password", password: "right-password", published: true };
    await admin.call("POST", "/status-page", page);
    const reader = stage.browser();
    const guess = () => reader.send("POST", "/status/closed/unlock", new URLSearchParams({ password: "wrong-password" }));
    expect(await beyond({ burst: 20, refillMs: 6_000 }, guess)).toBeLessThan(10);
  });

  test("at codes of a generator have one pace", async () => {
    const who = await stage.person();
    const one = await stage.signedIn(who);
    const { secret } = await one.call<{ secret: string }>("POST", "/second-factor");
    await one.call("POST", "/second-factor/confirm", { code: codeAt(secret, Date.now()) });
    let guess = 0;
    const attempt = () => stage.browserAt(guess).send("POST", "/login", { ...who, code: String(100_000 + guess++) });
    expect(await beyond({ burst: 10, refillMs: 60_000 }, attempt)).toBeLessThan(5);
  });
});
