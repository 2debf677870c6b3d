import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openBench } from "#access/testing";
import type { AccessBench, Answer, Browser } from "#access/testing";
import { NOBODY_IN_PARTICULAR } from "#platform/config";
import type { ProviderPeople } from "#platform/config";
import { CLIENT, newKey, openOidcProvider } from "./testing/oidc-provider.ts";
import type { OidcProvider } from "./testing/oidc-provider.ts";

/** Signing in through a provider that is real, over its own HTTP. */
let oidc: OidcProvider;
let bench: AccessBench;
let admin: Browser;

beforeEach(async () => {
  // That it keeps everything in memory.
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  oidc = await openOidcProvider();
  const endpoint = { authUrl: "", tokenUrl: "" };
  const scopes = ["openid", "email", "profile", "groups"];
  const provider = { ...CLIENT, endpoint, scopes, userInfoUrl: "", userIdPath: "", issuer: oidc.issuer };
  bench = await openBench({ config: { oauth2: { Company: provider }, webRealIpHeader: "NZ::Use-Peer-IP" } });
  await oidc.restart(bench.base);
  admin = await bench.admin();
  oidc.person = { sub: "ada-1", preferred_username: "ada", email: "ada@example.com", email_verified: true, groups: ["staff"] };
});
afterEach(async () => {
  await bench.close();
  oidc.close();
});

const LOGIN = 1;
const BIND = 2;
function configure(people: Partial<ProviderPeople>): void {
  const { Company } = bench.settings.oauth2;
  if (Company) bench.settings.oauth2 = { Company: { ...Company, people: { ...NOBODY_IN_PARTICULAR, ...people } } };
}
async function begin(browser: Browser, type = LOGIN): Promise<URL> {
  const { data, error } = await browser.get(`/oauth2/Company?type=${type}`);
  if (error !== "") throw new Error(error);
  return new URL((data as { redirect: string }).redirect);
}
const comeBack = (browser: Browser, { search }: URL): Promise<Answer> => browser.get(`/oauth2/callback${search}`);
/** The whole way; `changed` meddles with where the browser is sent. */
async function go(browser: Browser, type = LOGIN, changed: (url: URL) => void = () => undefined): Promise<Answer> {
  const url = await begin(browser, type);
  changed(url);
  return comeBack(browser, await oidc.visit(url.href));
}
const NOT_BOUND = "oauth2 user not binded yet";
const meOf = async (browser: Browser): Promise<unknown> => (await browser.get("/profile")).data;
const accountsCreated = (people: Partial<ProviderPeople> = {}): void => configure({ createAccounts: true, ...people });

describe("who signs in is who the provider says", () => {
  test("an account that is bound comes in; one that is not does not", async () => {
    expect((await go(bench.browser())).error).toBe(NOT_BOUND);
    await admin.post("/user", { username: "alice", password: "alice-password", role: 1 });
    const alice = await bench.browser().signIn("alice", "alice-password");
    expect((await go(alice, BIND)).headers.get("location")).toBe("/dashboard/profile?oauth2=true");
    const browser = bench.browser();
    expect((await go(browser)).headers.get("location")).toBe("/dashboard/login?oauth2=true");
    expect(await meOf(browser)).toMatchObject({ username: "alice", oauth2_bind: { company: "ada-1" } });
    oidc.person = { sub: "eve" };
    expect((await go(bench.browser())).error).toBe(NOT_BOUND);
  });

  test("a browser that did not begin the flow ends none, and no state is good twice", async () => {
    accountsCreated();
    const [victim, attacker] = [bench.browser(), bench.browser()];
    const back = await oidc.visit((await begin(attacker)).href);
    await begin(victim);
    expect((await comeBack(victim, back)).error).toBe("invalid state key");
    const wrong = new URL(back);
    wrong.searchParams.set("state", "A".repeat(16));
    expect((await comeBack(attacker, wrong)).error).toBe("invalid state key");
    expect((await comeBack(attacker, back)).status).toBe(302);
    expect((await comeBack(attacker, back)).error).toBe("invalid state key");
  });

  test("a code is good once, and for the flow that it was made for alone", async () => {
    accountsCreated();
    const [browser, other] = [bench.browser(), bench.browser()];
    const back = await oidc.visit((await begin(browser)).href);
    // Somebody who saw the code brings it with a state of their own: the provider wants the proof of the flow (PKCE).
    const injected = await oidc.visit((await begin(other)).href);
    injected.searchParams.set("code", back.searchParams.get("code") ?? "");
    expect((await comeBack(other, injected)).error).toBe("oauth2: cannot fetch token: invalid_grant");
    bench.clock.advance(60_000);
    await bench.access.unblock(["127.0.0.1"]);
    const again = await oidc.visit((await begin(browser)).href);
    const state = (await begin(browser)).searchParams.get("state") ?? "";
    again.searchParams.set("state", state);
    expect((await comeBack(browser, again)).error).toBe("oauth2: cannot fetch token: invalid_grant");
  });

  test("an identity token with the nonce of another flow is none", async () => {
    accountsCreated();
    const answer = await go(bench.browser(), LOGIN, (url) => url.searchParams.set("nonce", "of another flow"));
    expect(answer.error).toBe("oauth2: the identity token is not good");
    await bench.access.unblock(["127.0.0.1"]);
    const without = await go(bench.browser(), LOGIN, (url) => url.searchParams.delete("nonce"));
    expect(without.error).toBe("oauth2: the identity token is not good");
  });

  test("one that is signed by keys which the provider does not show is none; changed keys are known at once", async () => {
    accountsCreated();
    expect((await go(bench.browser())).status).toBe(302);
    oidc.shownKeys = [(await newKey()).shown];
    expect((await go(bench.browser())).error).toBe("oauth2: the identity token is not good");
    oidc.shownKeys = undefined;
    await bench.access.unblock(["127.0.0.1"]);
    await oidc.restart(bench.base);
    expect((await go(bench.browser())).status).toBe(302);
  });
});

describe("who may come in", () => {
  test("a domain: verified addresses of it alone", async () => {
    accountsCreated({ allowedDomains: ["example.com"] });
    oidc.person = { ...oidc.person, email: "ada@example.org" };
    expect((await go(bench.browser())).error).toContain("of no domain that may sign in");
    oidc.person = { ...oidc.person, email: "ada@example.com", email_verified: false };
    expect((await go(bench.browser())).error).toContain("of no domain that may sign in");
    oidc.person = { ...oidc.person, email_verified: true };
    expect((await go(bench.browser())).status).toBe(302);
  });

  test("a group, and nobody who leaves it", async () => {
    accountsCreated({ allowedGroups: ["staff"] });
    expect((await go(bench.browser())).status).toBe(302);
    oidc.person = { ...oidc.person, groups: ["former"] };
    expect((await go(bench.browser())).error).toContain("in no group that may sign in");
  });

  test("no account is made unless the configuration says so, and none is given to whoever has its name elsewhere", async () => {
    expect((await go(bench.browser())).error).toBe(NOT_BOUND);
    accountsCreated();
    oidc.person = { ...oidc.person, preferred_username: "admin" };
    expect((await go(bench.browser())).error).toContain("the user name is taken");
    oidc.person = { sub: "nameless", preferred_username: "n".repeat(300) };
    expect((await go(bench.browser())).error).toContain("gave no user name");
    expect((await admin.get("/user")).data).toHaveLength(1);
  });

  test("an account that is made has no password, and is a member", async () => {
    accountsCreated();
    const ada = bench.browser();
    await go(ada);
    expect(await meOf(ada)).toMatchObject({ username: "ada", role: 1, reject_password: true });
    expect((await ada.post(`/oauth2/Company/unbind`)).error).toBe("operation not permitted");
  });
});

describe("roles", () => {
  const ROLES = { administrator: ["root"], member: ["staff"], viewer: ["guests"] };
  const roleOf = async (name: string): Promise<unknown> =>
    ((await admin.get("/user")).data as { username: string; role: number; access?: string }[])
      .filter(({ username }) => username === name)
      .map(({ role, access }) => (access === "viewer" ? "viewer" : role))[0];

  test("follow the groups at each sign-in, and end what was open as something else", async () => {
    accountsCreated({ roles: ROLES });
    const first = bench.browser();
    for (const [groups, expected] of [
      [["guests"], "viewer"],
      [["staff"], 1],
      [["staff", "root"], 0],
      [["guests"], "viewer"],
    ] as const) {
      oidc.person = { ...oidc.person, groups: [...groups] };
      const browser = expected === "viewer" ? first : bench.browser();
      expect((await go(browser)).status).toBe(302);
      expect(await roleOf("ada")).toBe(expected);
      if (browser !== first) expect((await first.get("/profile")).error).toBe("ApiErrorUnauthorized");
    }
    oidc.person = { ...oidc.person, groups: ["nobody"] };
    expect((await go(bench.browser())).error).toContain("no group that has a role here");
  });

  test("the last administrator stays one", async () => {
    configure({ roles: ROLES });
    expect((await go(admin, BIND)).status).toBe(302);
    expect((await go(bench.browser())).error).toContain("the last administrator");
    expect(await roleOf("admin")).toBe(0);
  });

  describe("beside another administrator", () => {
    let spare: Browser;
    beforeEach(async () => {
      configure({ roles: ROLES });
      await admin.post("/user", { username: "spare", password: "spare-password", role: 0 });
      spare = await bench.browser().signIn("spare", "spare-password");
    });
    const disableSpare = async (): Promise<void> => {
      const found = ((await admin.get("/user")).data as { id: number; username: string }[]).find(({ username }) => username === "spare");
      expect((await admin.call("PATCH", `/user/${found?.id ?? 0}`, { body: JSON.stringify({ disabled: true }) })).error).toBe("");
    };

    test("who is disabled, the last one stays one", async () => {
      expect((await go(admin, BIND)).status).toBe(302);
      await disableSpare();
      expect((await go(bench.browser())).error).toContain("the last administrator");
      expect(await roleOf("admin")).toBe(0);
    });

    test("one who is disabled becomes nothing else", async () => {
      // The role that spare has by now, so that binding changes nothing.
      oidc.person = { ...oidc.person, groups: ["root"] };
      expect((await go(spare, BIND)).status).toBe(302);
      await disableSpare();
      oidc.person = { ...oidc.person, groups: ["staff"] };
      expect((await go(bench.browser())).error).toBe("this user is disabled: ask an administrator");
      expect(await roleOf("spare")).toBe(0);
    });
  });
});

describe("signing out", () => {
  test("goes on at the provider, and comes back", async () => {
    accountsCreated();
    const ada = bench.browser();
    await go(ada);
    const { redirect } = (await ada.post("/logout")).data as { redirect: string };
    expect(redirect).toContain(`${oidc.issuer}/session/end?client_id=windfire`);
    const page = await (await fetch(redirect)).text();
    expect(page).toContain("logout");
    expect(new URL(redirect).searchParams.get("post_logout_redirect_uri")).toBe(`${bench.base}/dashboard/login`);
    expect((await ada.get("/profile")).error).toBe("ApiErrorUnauthorized");
  });

  test.each([
    ["who came with a password", async (browser: Browser) => void (await browser.signIn("admin", "first-password"))],
    [
      "where the configuration says no",
      async (browser: Browser) => {
        accountsCreated({ signOut: false });
        await go(browser);
      },
    ],
    [
      "a provider that is gone",
      async (browser: Browser) => {
        accountsCreated();
        await go(browser);
        const { Company } = bench.settings.oauth2;
        if (Company) bench.settings.oauth2 = { Company: { ...Company, issuer: "http://127.0.0.1:1" } };
      },
    ],
  ])("ends here alone: %s", async (_label, come) => {
    const browser = bench.browser();
    await come(browser);
    const { data, error } = await browser.post("/logout");
    expect([data, error]).toEqual([null, ""]);
  });
});
