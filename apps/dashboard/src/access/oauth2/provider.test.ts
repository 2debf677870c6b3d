import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openBench } from "#access/testing";
import type { AccessBench, Answer, Browser } from "#access/testing";
import { fixedLimits } from "#platform/limits";
import { createOutbound } from "#platform/outbound";
import { providerAddresses } from "./provider-addresses.ts";
import { createProviderFetch } from "./provider-fetch.ts";
import { openStub } from "./testing/stub-provider.ts";
import type { Stub } from "./testing/stub-provider.ts";

let stub: Stub;
let bench: AccessBench;
let alice: Browser;
beforeEach(async () => {
  stub = await openStub();
  bench = await openBench({ config: { oauth2: { Stub: stub.provider }, webRealIpHeader: "NZ::Use-Peer-IP" } });
  await (await bench.admin()).post("/user", { username: "alice", password: "alice-password", role: 1 });
  alice = await bench.browser().signIn("alice", "alice-password");
});
afterEach(async () => {
  await bench.close();
  stub.close();
});

const start = async (browser: Browser, type = 2): Promise<URL> =>
  new URL(((await browser.get(`/oauth2/Stub?type=${type}`)).data as { redirect: string }).redirect);
/** Starts, by default to bind an account, and comes back from the provider. */
const go = async (browser: Browser, type = 2): Promise<Answer> => {
  const state = (await start(browser, type)).searchParams.get("state") ?? "";
  return browser.get(`/oauth2/callback?state=${state}&code=c`);
};
const strikes = async (): Promise<readonly unknown[]> => (await bench.access.waf.list({ offset: 0, limit: 10 })).rows;

describe("PKCE: a flow is ended by who began it", () => {
  /** What the provider was asked for, and the proof it got for that. */
  const proofs = async (): Promise<{ asked: string | null; method: string | null; given: string | null }> => {
    const begun = await start(alice);
    await alice.get(`/oauth2/callback?state=${begun.searchParams.get("state") ?? ""}&code=c&iss=${encodeURIComponent(stub.base)}`);
    const token = stub.requests.findLast(({ path }) => path === "/token");
    const given = new URLSearchParams(token?.body).get("code_verifier");
    return { asked: begun.searchParams.get("code_challenge"), method: begun.searchParams.get("code_challenge_method"), given };
  };
  const hashOf = (verifier: string | null): string =>
    createHash("sha256")
      .update(verifier ?? "")
      .digest("base64url");
  const NONE = { asked: null, method: null, given: null };
  const configure = (more: object): void => {
    const { Stub: provider } = bench.settings.oauth2;
    if (provider) bench.settings.oauth2 = { Stub: { ...provider, ...more } };
  };

  test("is used where the configuration says so, with a proof of its own for each flow", async () => {
    expect(await proofs()).toEqual(NONE);
    configure({ pkce: true });
    const [first, second] = [await proofs(), await proofs()];
    for (const { asked, method, given } of [first, second]) {
      expect([asked, method]).toEqual([hashOf(given), "S256"]);
      expect(given).toMatch(/^[0-9A-Za-z]{64}$/);
    }
    expect(second.given).not.toBe(first.given);
    expect((await start(alice)).searchParams.keys().toArray()).toEqual([
      "access_type",
      "client_id",
      "code_challenge",
      "code_challenge_method",
      "redirect_uri",
      "response_type",
      "scope",
      "state",
    ]);
  });

  test.each([
    [{ code_challenge_methods_supported: ["plain", "S256"] }, {}, true],
    [{ code_challenge_methods_supported: ["plain"] }, {}, false],
    [{}, {}, false],
    [{}, { pkce: true }, true],
    [{ code_challenge_methods_supported: ["S256"] }, { pkce: false }, false],
  ])("is used where a provider says %j of itself and the configuration %j: %s", async (said, configured, used) => {
    stub.description = { issuer: stub.base, ...said };
    configure({ issuer: stub.base, ...configured });
    expect((await proofs()).given === null).toBe(!used);
  });

  test("a provider that describes itself needs no addresses in the configuration; it is asked once an hour", async () => {
    stub.description = {
      issuer: stub.base,
      authorization_endpoint: `${stub.base}/authorize`,
      token_endpoint: `${stub.base}/token`,
      userinfo_endpoint: `${stub.base}/user`,
    };
    configure({ issuer: stub.base, endpoint: { authUrl: "", tokenUrl: "" }, userInfoUrl: "" });
    expect([(await go(alice)).status, (await go(bench.browser(), 1)).status]).toEqual([302, 302]);
    const asked = (): number => stub.requests.filter(({ path }) => path === "/.well-known/openid-configuration").length;
    expect(asked()).toBe(1);
    bench.clock.advance(3_600_000);
    await start(alice);
    expect(asked()).toBe(2);
  });

  test("who cannot be asked about itself, or calls itself otherwise, lets nobody in, and may later", async () => {
    configure({ issuer: stub.base });
    for (const description of [undefined, { issuer: "https://other.example" }, { issuer: 1 }]) {
      stub.description = description;
      const answer = await bench.browser().get("/oauth2/Stub?type=1");
      expect([answer.error, answer.setCookies]).toEqual(["oauth2: the provider's description cannot be read", []]);
    }
    stub.description = { issuer: stub.base };
    expect((await go(alice)).status).toBe(302);
    expect(await strikes()).toEqual([]);
  });

  test("an answer in the name of another provider is none", async () => {
    stub.description = { issuer: stub.base, authorization_response_iss_parameter_supported: true };
    configure({ issuer: stub.base });
    const back = async (more: string): Promise<string> => {
      const state = (await start(alice)).searchParams.get("state") ?? "";
      return (await alice.get(`/oauth2/callback?state=${state}&code=c${more}`)).error;
    };
    for (const more of ["", "&iss=https://other.example"]) {
      expect(await back(more)).toBe("oauth2: somebody else answered");
      await bench.access.unblock(["127.0.0.1"]);
    }
    expect(await back(`&iss=${encodeURIComponent(stub.base)}`)).toBe("");
    expect(stub.requests.filter(({ path }) => path === "/token")).toHaveLength(1);
  });
});

describe("a provider reaches nothing through us", () => {
  /** How a flow ends; nobody is the worse for it. */
  const attempt = async (): Promise<string> => {
    const { error } = await go(alice);
    await bench.access.unblock(["127.0.0.1"]);
    return error;
  };

  test.each(["tokenUrl", "userInfoUrl"])("a name that stands for an address of our own network is not asked: %s", async (which) => {
    const { endpoint, userInfoUrl, ...rest } = stub.provider;
    const named = (field: string, url: string): string => (field === which ? url.replace("127.0.0.1", "localhost") : "http://127.0.0.1:9/");
    const provider = {
      ...rest,
      endpoint: { ...endpoint, tokenUrl: named("tokenUrl", endpoint.tokenUrl) },
      userInfoUrl: named("userInfoUrl", userInfoUrl),
    };
    const outbound = createOutbound({
      clock: bench.clock,
      limits: fixedLimits.oauth2.outbound,
      allowed: providerAddresses({ Stub: provider }),
    });
    const asked = createProviderFetch(outbound)(which === "tokenUrl" ? provider.endpoint.tokenUrl : provider.userInfoUrl, {
      method: "GET",
      headers: {},
    });
    await expect(asked).rejects.toThrow("oauth2: the provider's address is not allowed: add it to outbound_allow");
    expect(stub.requests).toEqual([]);
  });

  test("redirects are followed within one host, with the secret only where the form goes too", async () => {
    stub.moved.set("/user", { status: 302, location: "/account" });
    expect(await attempt()).toBe("");
    stub.moved.set("/user", { status: 302, location: stub.base.replace("127.0.0.1", "localhost") });
    expect(await attempt()).toBe("oauth2: cannot fetch user info: status 302");
    stub.moved.set("/user", { status: 302, location: "/user" });
    expect(await attempt()).toBe("oauth2: the provider redirects for ever");
    stub.moved.clear();
    stub.moved.set("/token", { status: 302, location: "/elsewhere" });
    expect(await attempt()).toBe("oauth2: cannot fetch token: status 302");
    stub.moved.set("/token", { status: 308, location: "/elsewhere" });
    stub.requests.length = 0;
    await attempt();
    expect(stub.requests.map(({ path, body }) => [path, body.includes("code=c")]).slice(0, 2)).toEqual([
      ["/token", true],
      ["/elsewhere", true],
    ]);
  });

  test("one that never answers is given up", async () => {
    stub.meanwhile = () => new Promise(() => undefined);
    const state = (await start(alice)).searchParams.get("state") ?? "";
    const asked = vi.waitUntil(() => stub.requests.some(({ path }) => path === "/user"), { interval: 5, timeout: 20_000 });
    const answer = alice.get(`/oauth2/callback?state=${state}&code=c`);
    await asked;
    bench.clock.advance(30_000);
    expect((await answer).error).toBe("oauth2: no whole answer in time");
  });
});
