import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasScope } from "#access/policy";
import { openBench } from "#access/testing";
import type { AccessBench, Answer, Browser } from "#access/testing";

let bench: AccessBench;
let admin: Browser;
let member: Browser;
let token: Browser;
beforeAll(async () => {
  bench = await openBench();
  admin = await bench.admin();
  await admin.post("/user", { username: "member", password: "member-password", role: 1 });
  member = await bench.browser().signIn("member", "member-password");
  const created = (await admin.post("/api-tokens", { name: "ci", scopes: ["nezha:cron:read"] })).data as { token: string };
  token = bench.browser({ authorization: `Bearer ${created.token}` });
});
afterAll(async () => bench.close());

/** The same list that is served; a route added to it is asked too. */
const listed = async (): Promise<AccessBench["access"]["routes"]> => bench.access.routes;
const ask = async (browser: Browser, { method, path }: { method: string; path: string }): Promise<Answer> =>
  browser.call(method, path.replace(":provider", "None").replace(":id", "990001"), method === "GET" ? {} : { body: "" });

describe("every route of this room", () => {
  test("asks strangers to sign in unless it says otherwise", async () => {
    for (const route of await listed()) {
      const answer = await ask(bench.browser(), route);
      const closed = route.access.auth === "strict";
      expect([route.path, answer.error === "ApiErrorUnauthorized" || route.path === "/login"]).toEqual([
        route.path,
        closed || route.path === "/login",
      ]);
    }
  });

  test("keeps members out of what is the administrators'", async () => {
    for (const route of (await listed()).filter(({ access }) => access.auth === "strict" && access.admin)) {
      const answer = await ask(member, route);
      expect([route.path, answer.status, answer.error]).toEqual([route.path, 200, "permission denied"]);
    }
  });

  test("keeps tokens without its scope out", async () => {
    const caller = {
      kind: "token",
      user: { id: 1, username: "admin", role: 0 },
      tokenId: 1,
      scopes: ["nezha:cron:read"],
      serverIds: null,
    } as const;
    for (const { method, path, access } of await listed()) {
      if (access.auth !== "strict") continue;
      if (access.scopes !== "forbidden" && access.scopes.every((scope) => hasScope(caller, scope))) continue;
      const answer = await ask(token, { method, path });
      expect([path, answer.status]).toEqual([path, 403]);
    }
  });

  test("changes nothing by a cookie without its pair", async () => {
    const cookie = bench.browser({ cookie: `nz-jwt=${admin.token}` });
    for (const { method, path, access } of await listed()) {
      if (method === "GET" || access.auth !== "strict") continue;
      const answer = await ask(cookie, { method, path });
      expect([path, answer.status, answer.error]).toEqual([path, 403, "ApiErrorForbidden: missing or invalid CSRF token"]);
    }
  });
});
