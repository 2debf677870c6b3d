import { once } from "node:events";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "@windfire/kit";
import { WebSocket } from "ws";
import type { Database } from "#platform/database";
import { openDashboardBench } from "./compose/testing/index.ts";
import type { DashboardBench, Headers } from "./compose/testing/index.ts";

/** Share links through the whole program: what they show, to whom, and until when. */
const at = "2025-01-01 00:00:00+00:00";
const DAY_MS = 86_400_000;
const OWNERS = [
  [1, 2, 1],
  [2, 2, 1],
  [3, 3, 1],
  [4, 3, 0],
] as const;

let bench: DashboardBench;
let ahead = 0;
const people = new Map<string, Headers>();
const as = (name: string): Headers => people.get(name) ?? {};

async function prepare({ kysely }: Database): Promise<void> {
  for (const [id, user_id, hide_for_guest] of OWNERS) {
    const row = { id, created_at: at, updated_at: at, user_id, uuid: `00000000-0000-4000-8000-00000000000${id}`, hide_for_guest };
    await kysely
      .insertInto("servers")
      .values({ ...row, name: `server-${id}`, note: `secret-note-${id}`, public_note: "" })
      .execute();
  }
}

beforeAll(async () => {
  const clock = { ...systemClock, now: () => systemClock.now() + ahead };
  bench = await openDashboardBench({ clock, config: "step_up: off\njwt_timeout: 100000\n", prepare });
  people.set("admin", await bench.signIn("admin", "admin-password"));
  for (const username of ["alice", "bob"]) {
    await bench.call("POST", "/api/v1/user", as("admin"), { username, password: "member-password", role: 1 });
    people.set(username, await bench.signIn(username, "member-password"));
  }
}, 30_000);
afterAll(() => bench.close());
beforeEach(() => {
  ahead = 0;
});

interface Made {
  readonly id: number;
  readonly secret: string;
}

async function make(who: string, servers: readonly number[], more: object = {}): Promise<Made> {
  const form = { name: "a view", rows: servers.map((id) => ({ kind: "server", id })), expires_in_days: 2, ...more };
  const { data, error } = await bench.call("POST", "/api/v1/share-link", as(who), form);
  if (error !== "") throw new Error(error);
  return data as Made;
}

/** Headers of whoever opened the link. */
async function openLink({ id, secret }: Made, password = ""): Promise<Headers> {
  const response = await fetch(`${bench.base}/api/v1/share-link/open`, { method: "POST", body: JSON.stringify({ secret, password }) });
  const { error } = (await response.json()) as { error?: string };
  if (error) throw new Error(error);
  const [cookie = ""] = response.headers.getSetCookie();
  expect(cookie).toMatch(/HttpOnly.*SameSite=Strict|SameSite=Strict.*HttpOnly/);
  return { cookie: cookie.split(";")[0] ?? "", "x-share-link": String(id) };
}

const seen = async (headers: Headers): Promise<string> => {
  const { data, error } = await bench.call("GET", "/api/v1/availability", headers);
  return error || (data as { server_id: number }[]).map(({ server_id }) => server_id).join();
};
const shareOf = (headers: Headers): string => headers["x-share-link"] ?? "";

function listen(headers: Headers): WebSocket {
  const url = `${bench.base.replace("http", "ws")}/api/v1/ws/server?share=${shareOf(headers)}`;
  return new WebSocket(url, { headers: { cookie: headers["cookie"] ?? "" } });
}

describe("what a link shows", () => {
  test("its own rows and no others, hidden or not, in the form that guests get", async () => {
    const headers = await openLink(await make("alice", [1]));
    expect(await seen(headers)).toBe("1");
    expect(await seen({})).toBe("4");
    const socket = listen(headers);
    const [frame] = (await once(socket, "message")) as [Buffer];
    socket.terminate();
    expect(frame.toString()).toContain("server-1");
    expect(frame.toString()).not.toMatch(/server-[234]|secret-note/);
    expect((await bench.call("GET", "/api/v1/server/2/metrics?metric=cpu", headers)).error).toBe("server not found");
    expect((await bench.call("GET", "/api/v1/server/4/metrics?metric=cpu", headers)).error).toBe("server not found");
    expect((await bench.call("GET", "/api/v1/server/1/metrics?metric=cpu&period=7d", headers)).error).toContain("only 1d");
  });

  test("services and groups: those that were chosen, and groups with the chosen servers alone", async () => {
    const form = { type: 2, target: "192.0.2.1", cover: 1, skip_servers: { 1: true }, hide_for_guest: true };
    const { data: shown } = await bench.call("POST", "/api/v1/service", as("alice"), { ...form, name: "service-shown" });
    const { data: other } = await bench.call("POST", "/api/v1/service", as("alice"), {
      ...form,
      name: "service-other",
      hide_for_guest: false,
    });
    await bench.call("POST", "/api/v1/server-group", as("alice"), { name: "both", servers: [1, 2] });
    const headers = await openLink(
      await make("alice", [1], {
        rows: [
          { kind: "service", id: shown },
          { kind: "server", id: 1 },
        ],
      }),
    );
    const { text } = await bench.call("GET", "/api/v1/service", headers);
    expect([text.includes("service-shown"), text.includes("service-other")]).toEqual([true, false]);
    expect((await bench.call("GET", `/api/v1/service/${String(other)}/server`, headers)).error).toBe("service not found");
    const { data: groups } = await bench.call("GET", "/api/v1/server-group", headers);
    expect(groups).toMatchObject([{ servers: [1] }]);
    await bench.call("POST", "/api/v1/batch-delete/service", as("alice"), [shown]);
    expect((await bench.call("GET", "/api/v1/service", headers)).data).toEqual({});
  });

  test("nothing that asks for a sign-in", async () => {
    const headers = await openLink(await make("alice", [1]));
    for (const path of ["/server", "/profile", "/share-link", "/incident"])
      expect([path, (await bench.call("GET", `/api/v1${path}`, headers)).error]).toEqual([path, "ApiErrorUnauthorized"]);
  });

  test("no more to who is signed in as well", async () => {
    const headers = { ...as("admin"), ...(await openLink(await make("alice", [1]))) };
    expect(await seen(headers)).toBe("1");
  });
});

describe("a link is refused", () => {
  test("without what its opening gave, and with that of another link", async () => {
    const [one, other] = [await openLink(await make("alice", [1])), await openLink(await make("alice", [2]))];
    const stolen = (one["cookie"] ?? "").replace(`wf-share-${shareOf(one)}`, `wf-share-${shareOf(other)}`);
    const late = (one["cookie"] ?? "").replace(/=\d/, "=9");
    for (const cookie of ["", stolen, late]) {
      const headers = { ...other, cookie };
      expect(await seen(cookie === late ? { ...headers, "x-share-link": shareOf(one) } : headers)).toBe("share link not found");
    }
  });

  test("once it is revoked, and what is open by it closes", async () => {
    const link = await make("alice", [1]);
    const headers = await openLink(link);
    const socket = listen(headers);
    await once(socket, "message");
    const closed = once(socket, "close");
    expect((await bench.call("POST", "/api/v1/batch-delete/share-link", as("bob"), [link.id])).error).toBe("permission denied");
    expect((await bench.call("POST", "/api/v1/batch-delete/share-link", as("alice"), [link.id])).success).toBe(true);
    await closed;
    expect(await seen(headers)).toBe("share link not found");
    await expect(openLink(link)).rejects.toThrow("share link not found");
  });

  test("after its last day, and what was opened before is asked again after a day", async () => {
    const link = await make("alice", [1]);
    const headers = await openLink(link);
    ahead = DAY_MS + 1;
    expect(await seen(headers)).toBe("share link not found");
    expect(await seen(await openLink(link))).toBe("1");
    ahead = 2 * DAY_MS + 1;
    await expect(openLink(link)).rejects.toThrow("share link not found");
  });

  test("without its password, and guessing is paced", async () => {
    const link = await make("alice", [1], { password: "open sesame" });
    await expect(openLink(link)).rejects.toThrow("share link needs its password");
    await expect(openLink(link, "open barley")).rejects.toThrow("incorrect password");
    expect(await seen(await openLink(link, "open sesame"))).toBe("1");
    for (let guess = 0; guess < 9; guess++) await openLink(link, `guess ${guess}`).catch(() => undefined);
    await expect(openLink(link, "guess 10")).rejects.toThrow("too many failed attempts");
  }, 120_000);
});

describe("who may make one", () => {
  test.each([
    ["a member, of a server of another", "bob", [1]],
    ["a member, of one that is not there", "bob", [77]],
    ["a member, of both", "alice", [1, 3]],
  ])("%s: nobody", async (_label, who, servers) => {
    await expect(make(who, servers)).rejects.toThrow(/rows: server id \d+ does not exist/);
  });

  test("everybody sees and withdraws their own links alone, administrators all", async () => {
    const { id } = await make("alice", [2]);
    const listed = async (who: string): Promise<boolean> =>
      ((await bench.call("GET", "/api/v1/share-link", as(who))).data as { id: number }[]).some((link) => link.id === id);
    expect([await listed("alice"), await listed("bob"), await listed("admin")]).toEqual([true, false, true]);
    const { text } = await bench.call("GET", "/api/v1/share-link", as("alice"));
    expect(text).not.toMatch(/secret|hash/);
  });

  test("who may no longer show a row shows it no more", async () => {
    const headers = await openLink(await make("bob", [3, 4]));
    expect(await seen(headers)).toBe("3,4");
    await bench.call("POST", "/api/v1/batch-delete/server", as("bob"), [4]);
    expect(await seen(headers)).toBe("3");
    await bench.call("POST", "/api/v1/batch-move/server", as("admin"), { ids: [3], to_user: 2 });
    expect(await seen(headers)).toBe("");
    await bench.call("POST", "/api/v1/batch-delete/user", as("admin"), [3]);
    expect(await seen(headers)).toBe("share link not found");
  });
});
