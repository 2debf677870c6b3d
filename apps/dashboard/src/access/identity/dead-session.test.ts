import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { publicScope, sessionOptional, userOf } from "#kernel";
import { route } from "#platform/http";
import { ADMIN_PASSWORD, openBench } from "#access/testing";
import type { AccessBench, Browser } from "#access/testing";

const whoAmI = (path: string, access: Parameters<typeof route>[0]["access"]) =>
  route({
    method: "GET",
    path,
    access,
    summary: "s",
    tag: "t",
    data: z.string(),
    run: ({ caller }) => userOf(caller)?.username ?? "guest",
  });
const routes = [whoAmI("/fallback", sessionOptional()), whoAmI("/optional", publicScope("nezha:service:read"))];

let bench: AccessBench;
let admin: Browser;
beforeEach(async () => {
  bench = await openBench({ routes, config: { webRealIpHeader: "NZ::Use-Peer-IP" } });
  admin = await bench.admin();
});
afterEach(async () => bench.close());

const EXPIRED_COOKIE = "nz-jwt=; Path=/; Max-Age=0; SameSite=Lax";

test.each(["/fallback", "/optional"])("%s knows who is signed in, and lets guests in", async (path) => {
  expect((await admin.get(path)).data).toBe("admin");
  expect((await bench.browser().get(path)).data).toBe("guest");
  expect((await bench.browser({ authorization: "Bearer garbage" }).get(path)).data).toBe("guest");
});

test.each(["/fallback", "/optional"])("%s: a browser with the cookie of a session that ended is a guest, not an attacker", async (path) => {
  await (await bench.browser().signIn("admin", ADMIN_PASSWORD)).post("/logout");
  const cookie = `nz-jwt=${admin.token}`;
  await admin.post("/logout");
  for (let i = 0; i < 5; i++) {
    const answer = await bench.browser({ cookie }).get(path);
    expect([answer.status, answer.data, answer.setCookies]).toEqual([200, "guest", [EXPIRED_COOKIE]]);
  }
  expect((await bench.access.waf.list({ offset: 0, limit: 10 })).total).toBe(0);
});

test("a token that is too old is nobody's; the cookie ends by itself", async () => {
  bench.clock.advance(3_601_000);
  const answer = await admin.get("/fallback");
  expect([answer.data, answer.setCookies]).toEqual(["guest", []]);
});

test("force_auth closes what is open to guests, and nothing else", async () => {
  await bench.close();
  bench = await openBench({ routes, config: { forceAuth: true } });
  admin = await bench.admin();
  expect((await bench.browser().get("/optional")).error).toBe("ApiErrorUnauthorized");
  expect((await bench.browser({ authorization: "Bearer garbage" }).get("/optional")).error).toBe("ApiErrorUnauthorized");
  expect((await bench.browser().get("/fallback")).data).toBe("guest");
  expect((await admin.get("/optional")).data).toBe("admin");
});
