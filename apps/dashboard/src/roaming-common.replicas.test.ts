import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import type { TestReplica } from "./compose/testing/replica-set.ts";
import { openRoamingStage, WITHIN } from "./compose/testing/roaming-stage.ts";
import type { Credentials, RoamingStage } from "./compose/testing/roaming-stage.ts";

/** What is changed, or is so, at one dashboard all know. */
let stage: RoamingStage;
beforeAll(async () => {
  stage = await openRoamingStage("roaming_common");
}, 120_000);
afterAll(() => stage.close());

/** Signs in by another name of the dashboard. */
const atHost = (replica: TestReplica, host: string, who: Credentials): Promise<void> =>
  new Promise((resolve, reject) => {
    const headers = { host, "x-real-ip": "192.0.2.77", "content-type": "application/json" };
    const { username, password } = who;
    request(`${replica.base}/api/v1/login`, { method: "POST", headers }, (answer) => void answer.resume().once("end", resolve))
      .once("error", reject)
      .end(JSON.stringify({ username, password }));
  });

describe("settings", () => {
  const fileOf = ({ configPath }: TestReplica): Promise<string> => readFile(configPath, "utf8");
  const siteNames = (): Promise<unknown[]> =>
    Promise.all(
      stage.replicas.map(
        async (replica) => ((await replica.call("GET", "/setting")) as { config: { site_name: string } }).config.site_name,
      ),
    );

  test("that are changed at one are in force at all, kept by each, and still so after a restart", async () => {
    const admin = await stage.signedIn();
    const form = await admin.call<object>("GET", "/setting/form");
    await admin.call("PATCH", "/setting", { ...form, site_name: "Common", custom_code: "<b>" });
    expect(await siteNames()).toEqual(["Common", "Common", "Common"]);
    await vi.waitFor(async () => {
      for (const replica of stage.replicas) expect(await fileOf(replica)).toMatch(/site_name: Common/);
    }, WITHIN);
    const [, , last] = stage.replicas;
    await last.stop();
    await admin.call("PATCH", "/setting", { ...form, site_name: "While one is away" }).catch(() =>
      // It came to the one that is away.
      admin.call("PATCH", "/setting", { ...form, site_name: "While one is away" }),
    );
    await last.startAgain();
    expect(await siteNames()).toEqual(["While one is away", "While one is away", "While one is away"]);
    expect(await fileOf(last)).toMatch(/site_name: While one is away/);
  });

  test("that two change at once are the same everywhere afterwards", async () => {
    const form = (await stage.replicas[0].call("GET", "/setting/form")) as object;
    for (let round = 0; round < 5; round++)
      await Promise.all(
        stage.replicas.map((replica, place) => replica.call("PATCH", "/setting", { ...form, site_name: `${round} ${place}` })),
      );
    await vi.waitFor(async () => expect(new Set(await siteNames()).size).toBe(1), WITHIN);
    const [last] = await siteNames();
    await vi.waitFor(async () => {
      for (const replica of stage.replicas) expect(await fileOf(replica)).toContain(`site_name: ${String(last)}\n`);
    }, WITHIN);
  });

  test("of providers too: one that was saved at a dashboard is gone through at the others, and gone where it is taken away", async () => {
    const admin = await stage.signedIn();
    const { endpoint, user } = stage.provider;
    const form = { name: "New", client_id: "us", client_secret: "hush", ...endpoint, user_info_url: user, user_id_path: "id" };
    await admin.call("POST", "/sign-in-provider", form);
    for (let turn = 0; turn < 3; turn++) expect(await stage.browser().call("GET", "/oauth2/New?type=1")).toHaveProperty("redirect");
    for (let turn = 0; turn < 3; turn++) expect(await stage.browserAt(turn).call("GET", "/oauth2/New?type=1")).toHaveProperty("redirect");
    await admin.call("POST", "/batch-delete/sign-in-provider", ["New"]);
    for (let turn = 0; turn < 3; turn++)
      expect((await stage.browserAt(turn).send("GET", "/oauth2/New?type=1")).error).toBe("provider not found");
  });
});

test("a host name that people use at one dashboard is protected at all", async () => {
  const [admin, who] = [await stage.signedIn(), await stage.person()];
  const member = await stage.signedIn(who);
  const server = await vi.waitFor(
    async () => (await admin.call<{ id: number }[]>("GET", "/server"))[0]?.id ?? expect.unreachable(),
    WITHIN,
  );
  await admin.call("POST", "/batch-move/server", { ids: [server], to_user: who.id });
  await atHost(stage.replicas[0], "panel.example.net", who);
  const tunnel = { name: "nas", enabled: true, server_id: server, host: "127.0.0.1:80", domain: "panel.example.net" };
  for (let turn = 0; turn < 3; turn++)
    await vi.waitFor(
      async () =>
        expect(JSON.stringify((await admin.call<{ seen_hosts?: object[] }>("GET", "/setting")).seen_hosts)).toContain(tunnel.domain),
      WITHIN,
    );
  for (let turn = 0; turn < 3; turn++) expect((await member.send("POST", "/nat", tunnel)).error).toBe("permission denied");
});

test("who looks on through any dashboard is counted and listed at all", async () => {
  const admin = await stage.signedIn();
  const people = [await stage.person(), await stage.person(), await stage.person()];
  const lookers = await Promise.all(people.map(stage.signedIn));
  const sockets: WebSocket[] = [];
  for (const [place, one] of lookers.entries()) {
    const { base } = stage.replicas[place] ?? expect.unreachable();
    const socket = new WebSocket(`${base.replace("http", "ws")}/api/v1/ws/server`, { headers: one.headers() });
    await once(socket, "open");
    sockets.push(socket);
  }
  const ids = people.map(({ id }) => id);
  for (let turn = 0; turn < 3; turn++) {
    const { value } = await admin.call<{ value: { user_id?: number }[] }>("GET", "/online-user");
    expect(value.map((row) => row.user_id ?? 0).filter((id) => ids.includes(id))).toEqual(ids);
  }
  const told = (socket: WebSocket) =>
    once(socket, "message").then(([data]) => (JSON.parse((data as Buffer).toString()) as { readonly online?: number }).online);
  for (const socket of sockets) await vi.waitFor(async () => expect(await told(socket)).toBeGreaterThanOrEqual(3), WITHIN);
  for (const socket of sockets) socket.close();
});

test("that a server is to move is told to who listens at any dashboard", async () => {
  const [admin, who] = [await stage.signedIn(), await stage.person()];
  const sockets = await Promise.all(
    stage.replicas.map(async ({ base }) => {
      const socket = new WebSocket(`${base.replace("http", "ws")}/api/v1/ws/transfer`, { headers: admin.headers() });
      await once(socket, "open");
      return socket;
    }),
  );
  const told = Promise.all(sockets.map((socket) => once(socket, "message")));
  await admin.call("POST", "/batch-move/server", { ids: [3], to_user: who.id });
  for (const [data] of await told) expect(JSON.parse((data as Buffer).toString())).toMatchObject({ server_id: 3 });
  for (const socket of sockets) socket.close();
});

test("while NATS is away rows and settings are common all the same, a little later", async () => {
  await stage.nats.stop("SIGKILL");
  try {
    const who = { username: "without-bus", password: "right-password", role: 1 };
    const [first] = stage.replicas;
    await first.call("POST", "/user", who);
    const form = (await first.call("GET", "/setting/form")) as object;
    await first.call("PATCH", "/setting", { ...form, site_name: "Without a bus" });
    for (const replica of stage.replicas)
      await vi.waitFor(async () => {
        const { config } = (await replica.call("GET", "/setting")) as { config: { site_name: string } };
        expect(config.site_name).toBe("Without a bus");
        expect(await replica.call("GET", "/user")).toContainEqual(expect.objectContaining({ username: who.username }));
      }, WITHIN);
  } finally {
    await stage.nats.start();
  }
});
