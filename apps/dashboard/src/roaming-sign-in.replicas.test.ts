import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { codeAt, createSoftKey } from "#access/testing";
import type { RoamingBrowser } from "./compose/testing/roaming-browser.ts";
import { openRoamingStage, openSocket, ORIGIN, WITHIN } from "./compose/testing/roaming-stage.ts";
import type { RoamingStage } from "./compose/testing/roaming-stage.ts";

/** Who signs in at one dashboard is signed in at all, and out at all, whichever each request comes to. */
let stage: RoamingStage;
beforeAll(async () => {
  stage = await openRoamingStage("roaming_sign_in");
}, 120_000);
afterAll(() => stage.close());

describe("sessions", () => {
  test("begin at one, count at all with cookies and their CSRF pair, and end everywhere", async () => {
    const one = await stage.signedIn(await stage.person());
    for (let turn = 0; turn < 3; turn++) expect(await one.call("GET", "/profile")).toHaveProperty("id");
    expect(await one.call("POST", "/refresh-token")).toHaveProperty("token");
    const kept = new Map(one.cookies);
    await one.call("POST", "/logout");
    for (const [name, value] of kept) one.cookies.set(name, value);
    for (let turn = 0; turn < 3; turn++) expect((await one.send("GET", "/profile")).error).toBe("ApiErrorUnauthorized");
  });

  test("all of a user's end with a new password, with what is open anywhere", async () => {
    const who = await stage.person();
    const [one, other] = [await stage.signedIn(who), await stage.signedIn(who)];
    const sockets = await Promise.all([openSocket(one, "/ws/server"), openSocket(other, "/ws/server")]);
    const closed = Promise.all(sockets.map((socket) => once(socket, "close")));
    await one.call("POST", "/profile", { original_password: who.password, new_username: who.username, new_password: "another-password" });
    for (const each of [one, other])
      for (let turn = 0; turn < 3; turn++) expect((await each.send("GET", "/profile")).error).toBe("ApiErrorUnauthorized");
    await closed;
    expect((await stage.browser().send("POST", "/login", who)).error).toBe("ApiErrorUnauthorized");
    await (await stage.signedIn({ ...who, password: "another-password" })).call("GET", "/profile");
  });

  test("are ended one by one and all together at any dashboard", async () => {
    const who = await stage.person();
    const [one, other, third] = [await stage.signedIn(who), await stage.signedIn(who), await stage.signedIn(who)];
    const listed = await one.call<{ id: string; current: boolean }[]>("GET", "/session");
    expect(listed).toHaveLength(3);
    await one.call("POST", "/session/end-others");
    for (const each of [other, third])
      for (let turn = 0; turn < 3; turn++) expect((await each.send("GET", "/profile")).error).toBe("ApiErrorUnauthorized");
    await one.call("GET", "/profile");
    await (await stage.signedIn()).call("POST", `/user/${who.id}/end-sessions`);
    for (let turn = 0; turn < 3; turn++) expect((await one.send("GET", "/profile")).error).toBe("ApiErrorUnauthorized");
  });
});

describe("people", () => {
  test("are there, named, disabled, enabled and gone at all dashboards a moment later", async () => {
    const [admin, who] = [await stage.signedIn(), await stage.person()];
    const one = await stage.signedIn(who);
    const socket = await openSocket(one, "/ws/server");
    const closed = once(socket, "close");
    await admin.call("PATCH", `/user/${who.id}`, { disabled: true });
    await closed;
    for (let turn = 0; turn < 3; turn++) expect((await one.send("GET", "/profile")).error).toBe("ApiErrorUnauthorized");
    for (let turn = 0; turn < 3; turn++) expect((await stage.browser().send("POST", "/login", who)).error).toMatch("this user is disabled");
    await admin.call("PATCH", `/user/${who.id}`, { disabled: false, username: `${who.username}-again` });
    const again = await stage.signedIn({ ...who, username: `${who.username}-again` });
    for (let turn = 0; turn < 3; turn++)
      expect(await again.call("GET", "/profile")).toMatchObject({ id: who.id, username: `${who.username}-again` });
    await admin.call("POST", "/batch-delete/user", [who.id]);
    for (let turn = 0; turn < 3; turn++) expect((await again.send("GET", "/profile")).error).toBe("ApiErrorUnauthorized");
  });
});

describe("access tokens", () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}`, cookie: "", "x-csrf-token": "" });
  test("are good, noted as used, and revoked everywhere, with what is open", async () => {
    const one = await stage.signedIn(await stage.person());
    const { id, token } = await one.call<{ id: number; token: string }>("POST", "/api-tokens", {
      name: "ci",
      scopes: ["nezha:inventory:read"],
    });
    const script = stage.browser();
    expect(await script.call("GET", "/server", undefined, bearer(token))).toEqual([]);
    for (let turn = 0; turn < 3; turn++) {
      const reader = stage.browserAt(turn);
      const listed = (): Promise<unknown> => reader.call("GET", "/api-tokens", undefined, one.headers());
      await vi.waitFor(async () => expect(await listed()).toMatchObject([{ last_used_at: expect.any(String) as string }]), WITHIN);
    }
    for (let turn = 0; turn < 3; turn++) expect(await script.call("GET", "/server", undefined, bearer(token))).toEqual([]);
    const socket = new WebSocket(`${stage.replicas[2].base.replace("http", "ws")}/api/v1/ws/server`, {
      headers: { ...script.headers(), ...bearer(token) },
    });
    await once(socket, "open");
    const closed = once(socket, "close");
    await one.call("DELETE", `/api-tokens/${id}`);
    await closed;
    for (let turn = 0; turn < 3; turn++)
      expect((await stage.browserAt(turn).send("GET", "/server", undefined, bearer(token))).status).toBe(401);
  });
});

describe("second factors", () => {
  test("a generator is set up at two dashboards and used at a third; a code is good once, wherever it is shown", async () => {
    const who = await stage.person();
    const one = await stage.signedIn(who);
    const { secret } = await one.call<{ secret: string }>("POST", "/second-factor");
    const { recovery_codes: spare } = await one.call<{ recovery_codes: string[] }>("POST", "/second-factor/confirm", {
      code: codeAt(secret, Date.now()),
    });
    const sign = (code: string) => stage.browser().send("POST", "/login", { ...who, code });
    expect((await stage.browser().send("POST", "/login", who)).error).toBe("second factor required");
    const code = codeAt(secret, Date.now() + 30_000);
    expect([(await sign(code)).error, (await sign(code)).error]).toEqual(["", "ApiErrorUnauthorized"]);
    const [first = ""] = spare;
    expect([(await sign(first)).error, (await sign(first)).error]).toEqual(["", "ApiErrorUnauthorized"]);
  });

  test("a passkey is made and used by challenges of other dashboards, each once", async () => {
    const who = await stage.person();
    const [one, key] = [await stage.signedIn(who), createSoftKey()];
    await one.call("POST", "/passkey", { name: "laptop", response: key.create(await one.call("POST", "/passkey/options"), ORIGIN) });
    const stranger = stage.browser();
    const answer = key.get(await stranger.call("POST", "/login/passkey/options"), ORIGIN);
    await stranger.call("POST", "/login/passkey", answer);
    expect(await stranger.call("GET", "/profile")).toMatchObject({ username: who.username });
    expect((await stage.browser().send("POST", "/login/passkey", answer)).error).toBe("ApiErrorUnauthorized");
    const proof = key.get(await stranger.call("POST", "/step-up/options"), ORIGIN);
    await stranger.call("POST", "/step-up", { passkey: proof });
    for (let turn = 0; turn < 3; turn++) expect(await stranger.call("POST", "/passkey/options")).toHaveProperty("challenge");
  });
});

test("a provider's answer comes to another dashboard than the one that sent the browser away, and is good once", async () => {
  const who = await stage.person();
  const one = await stage.signedIn(who);
  const state = async (from: RoamingBrowser, type: number): Promise<string> => {
    const { redirect } = await from.call<{ redirect: string }>("GET", `/oauth2/Stub?type=${type}`);
    return new URL(redirect).searchParams.get("state") ?? "";
  };
  expect((await one.send("GET", `/oauth2/callback?state=${await state(one, 2)}&code=c`)).status).toBe(302);
  const stranger = stage.browser();
  const begun = await state(stranger, 1);
  const kept = new Map(stranger.cookies);
  expect((await stranger.send("GET", `/oauth2/callback?state=${begun}&code=c`)).status).toBe(302);
  expect(await stranger.call("GET", "/profile")).toMatchObject({ username: who.username, oauth2_bind: { stub: "4242" } });
  for (const [name, value] of kept) stranger.cookies.set(name, value);
  expect((await stranger.send("GET", `/oauth2/callback?state=${begun}&code=c`)).error).toBe("invalid state key");
});
