import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import type { PagePartRef } from "@windfire/api";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ROLE } from "#kernel";
import type { Caller } from "#kernel";
import { createAuditLog } from "#platform/audit";
import { mortalDatabase, openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import type { Database } from "#platform/database";
import { createBodyBudgets } from "#platform/http";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import { createOutbox } from "#platform/outbox";
import type { Outbox } from "#platform/outbox";
import { createScheduler } from "#platform/scheduler";
import { createSealing } from "#platform/sealing";
import { createStatusPages } from "./index.ts";
import type { StatusPagesDeps, StatusPagesRoom } from "./index.ts";

type Plans = StatusPagesDeps["plans"];
type Window = NonNullable<ReturnType<Plans["get"]>>;
type Mail = Parameters<StatusPagesDeps["mailer"]["post"]>[1];

const ADMIN = { id: 1, username: "admin", role: ROLE.admin } as const;
const ALICE = { id: 2, username: "alice", role: ROLE.member } as const;
const as = (user: { id: number; username: string; role: (typeof ROLE)[keyof typeof ROLE] }): Caller => ({
  kind: "session",
  user,
  sessionKey: "k",
  via: "cookie",
});
const [admin, alice, bob] = [as(ADMIN), as(ALICE), as({ ...ALICE, id: 3 })];
const WAIT = { timeout: 8_000, interval: 5 };
const START = Date.UTC(2026, 2, 10, 12);

let temporary: TemporaryDatabase;
let clock: FakeClock;
let outbox: Outbox;
let room: StatusPagesRoom;
let call: RouteCaller;
let mails: Mail[];
let windows: Map<number, Window>;

function plansOf(): Plans {
  let last = 0;
  return {
    requirePlan: () => undefined,
    get: (id) => windows.get(id),
    async insert(_tx, _changes, window) {
      windows.set(++last, { ...window, id: last, createdAt: START, updatedAt: START });
      return last;
    },
    update: async (_tx, _changes, window) => void windows.set(window.id, window),
    remove: async (_tx, _changes, ids) => ids.forEach((id) => windows.delete(id)),
    runOf: (plan) => (plan.kind === "once" ? { from: Date.parse(plan.from), to: Date.parse(plan.to) } : undefined),
  };
}

async function open(database: Database = temporary.database): Promise<void> {
  outbox = createOutbox({ clock, database, onError: (error) => expect.unreachable(String(error)) });
  room = await createStatusPages({
    clock,
    database,
    now: clock.now,
    audit: createAuditLog({ database, now: clock.now }),
    outbox,
    outbound: {
      send: async () => ({ status: 200, reason: "OK", body: "" }),
      connect: async () => expect.unreachable("nothing is connected to"),
    },
    sealing: createSealing(new Uint8Array(32)),
    passwords: { hash: async (text) => `hash of ${text}`, verify: async (text, hash) => hash === `hash of ${text}`, isCheap: () => false },
    compressor: { compress: async () => undefined, counters: { compressed: 0, reused: 0, busy: 0 }, cachedBytes: 0 },
    budgets: createBodyBudgets({ totalBytes: 1e6, strangerBytes: 1e6 }),
    gate: { admit: () => ({ caller: { kind: "guest" }, cookies: [] }) },
    hasOpened: () => false,
    scheduler: createScheduler({ clock, location: "UTC", log: { warn: () => undefined, error: (text) => expect.unreachable(text) } }),
    requireRoom: () => undefined,
    ownsEverything: (id) => id === ADMIN.id,
    rowOf: ({ kind, id }: PagePartRef) =>
      id > 4 ? undefined : { ownerId: id % 2 === 0 ? ALICE.id : ADMIN.id, name: `${kind} ${id}`, hideForGuest: id === 3 || id === 4 },
    stateOf: () => "operational",
    serverDays: async () => new Map(),
    serviceDays: async () => [],
    plans: plansOf(),
    engineIncident: async (_queries, id) =>
      id === 9
        ? {
            id: 9,
            source: "service",
            sourceId: 2,
            serverId: 0,
            ownerId: ALICE.id,
            groupId: 0,
            reminds: false,
            severity: "critical",
            title: "API",
            serverName: "",
            text: "down",
            value: "",
            limit: "",
            openedAt: START - 60_000,
            endedAt: 0,
            outcome: "",
            held: "",
            acknowledgedAt: 0,
            acknowledgedBy: "",
            note: "",
          }
        : undefined,
    mailer: {
      isMailChannel: (id) => id === 7,
      async post(_channelId, mail) {
        if (mail.to.startsWith("gone")) return { accepted: false, reason: "550 no such user", noMailbox: true };
        mails.push(mail);
        return { accepted: true };
      },
    },
    hostTaken: (host) => (host === "tunnel.example.org" ? "has a tunnel" : undefined),
    pageCascades: [],
    location: "UTC",
    site: () => "https://dashboard.example.org",
    font: async () => undefined,
    onError: (error) => expect.unreachable(String(error)),
  });
  call = createRouteCaller(room.routes);
}

beforeEach(async () => {
  mails = [];
  windows = new Map();
  clock = createFakeClock(START);
  temporary = await openTemporaryDatabase({ clock });
  await open();
});
afterEach(async () => {
  await outbox.stop();
  await temporary.remove();
});

const part = (kind: "server" | "service", id: number, name = "") => ({ kind, id, name });
const form = (changes: object = {}) => ({
  slug: "main",
  published: true,
  title: "Fleet",
  groups: [{ name: "", parts: [part("service", 2)] }],
  ...changes,
});
async function data<T>(caller: Caller, request: string, body?: unknown): Promise<T> {
  const answer = await call(caller, request, body);
  if ("error" in answer) throw new Error(answer.error);
  return answer.data as T;
}
const refusal = async (caller: Caller, request: string, body?: unknown): Promise<string> => {
  const answer = await call(caller, request, body);
  return "error" in answer ? answer.error : "";
};

describe("what is refused, and names the field", () => {
  test.each([
    ["rows of others", form({ groups: [{ name: "", parts: [part("service", 1)] }] }), "groups.0.parts.0.id: service id 1 does not exist"],
    [
      "rows that are not there",
      form({ groups: [{ name: "", parts: [part("server", 9)] }] }),
      "groups.0.parts.0.id: server id 9 does not exist",
    ],
    [
      "hidden rows without a name",
      form({ groups: [{ name: "", parts: [part("server", 4)] }] }),
      "groups.0.parts.0.name: guests do not see this server",
    ],
    [
      "a row twice",
      form({ groups: [{ name: "", parts: [part("service", 2), part("service", 2)] }] }),
      "groups.0.parts.1: is on the page already",
    ],
    ["a colour that cannot be read", form({ accent: "#ffee00" }), "accent: its contrast with the ground #f4f6f7 is"],
    ["a ground that texts cannot be read on", form({ ground: "#888888" }), "ground: its contrast with the text"],
    ["a password page without one", form({ visibility: "password" }), "password: must not be empty"],
    ["an address that is none", form({ slug: "Main page" }), "slug: must be"],
    ["a link that runs", form({ links: [{ title: "x", url: "javascript:alert(1)" }] }), "links.0.url: must be"],
    ["a picture that is none", form({ logo: "data:text/html;base64,PHNjcmlwdD4=" }), "logo: must be"],
  ])("%s", async (_what, body, error) => expect(await refusal(alice, "POST /status-page", body)).toContain(error));

  test("an address that another page has", async () => {
    await data(alice, "POST /status-page", form());
    expect(await refusal(bob, "POST /status-page", form({ groups: [] }))).toBe("slug: another page has this address");
  });

  test("host names that lead elsewhere, channels that send no mail, folders that are none", async () => {
    const id = await data<number>(alice, "POST /status-page", form());
    const deliver = (changes: object) => refusal(admin, `PATCH /status-page/${id}/delivery`, { export: {}, ...changes });
    expect(await deliver({ domain: "tunnel.example.org" })).toBe("domain: has a tunnel");
    expect(await deliver({ domain: "192.0.2.1" })).toContain("domain: must be a host name");
    expect(await deliver({ channel_id: 8 })).toBe("channel_id: must be a channel of the kind e-mail");
    expect(await deliver({ export: { kind: "folder", folder: "../up" } })).toContain("export.folder");
    expect(await deliver({ domain: "STATUS.example.org.", channel_id: 7 })).toBe("");
    expect(room.hasHost("status.example.org:443")).toBe(true);
    expect(room.site.reroute("status.example.org", "/api/v1/setting")).toBe("/status/main/api/v1/setting");
    expect(room.site.reroute("other.example.org", "/")).toBeUndefined();
  });
});

test("an administrator may list everything on a page of theirs, and nobody else's on a member's", async () => {
  expect(
    await refusal(
      admin,
      "POST /status-page",
      form({ groups: [{ name: "", parts: [part("service", 1), part("service", 2), part("server", 3, "Third")] }] }),
    ),
  ).toBe("");
  const id = await data<number>(alice, "POST /status-page", form({ slug: "alice" }));
  expect(
    await refusal(admin, `PATCH /status-page/${id}`, form({ slug: "alice", groups: [{ name: "", parts: [part("service", 1)] }] })),
  ).toContain("service id 1 does not exist");
});

async function pageWithMail(): Promise<number> {
  const id = await data<number>(alice, "POST /status-page", form({ subscribe_email: true }));
  await data(admin, `PATCH /status-page/${id}/delivery`, { channel_id: 7, export: {} });
  return id;
}

const confirmed = (pageId: number, address: string) =>
  temporary.database.change((tx) =>
    tx
      .insertInto("wf_page_subscribers")
      .values({ page_id: pageId, kind: "email", address, language: "de", created_at: START, confirmed_at: START })
      .execute(),
  );

test("an incident begins from one of the engine; its news reach who said yes, as one letter, and an address that is gone is forgotten", async () => {
  const page_id = await pageWithMail();
  await confirmed(page_id, "reader@example.com");
  await confirmed(page_id, "gone@example.com");
  const draft = await data<object>(alice, `GET /page-incident/draft?page_id=${page_id}&incident_id=9`);
  expect(draft).toMatchObject({ title: "API", impact: "critical", affected: [{ kind: "service", id: 2, state: "down" }] });
  const id = await data<number>(alice, "POST /page-incident", { ...draft, text: "We look.", notify: true });
  await data(alice, `POST /page-incident/${id}/update`, { status: "identified", text: "A disk.", notify: true });
  await outbox.start();
  await vi.waitFor(async () => {
    clock.advance(1_000);
    const left = await data<unknown[]>(alice, `GET /page-subscriber?page_id=${page_id}`);
    expect([mails.length, left.length]).toEqual([1, 1]);
  }, WAIT);
  expect(mails[0]).toMatchObject({
    to: "reader@example.com",
    subject: "2 Nachrichten von Fleet",
    headers: { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
  });
  expect(mails[0]?.text).toContain("Ursache gefunden: API");
  expect(await data<{ address: string }[]>(alice, `GET /page-subscriber?page_id=${page_id}`)).toMatchObject([
    { address: "reader@example.com" },
  ]);
  await data(alice, `POST /page-incident/${id}/update`, { status: "resolved", text: "" });
  expect(await data(alice, `GET /page-incident?page_id=${page_id}`)).toMatchObject([
    { status: "resolved", incident_id: 9, updates: [{}, {}, {}] },
  ]);
});

test("of others' incidents, pages and subscribers nobody learns", async () => {
  const page_id = await pageWithMail();
  const id = await data<number>(alice, "POST /page-incident", { page_id, title: "x" });
  for (const request of [
    `GET /page-incident?page_id=${page_id}`,
    `GET /page-subscriber?page_id=${page_id}`,
    `GET /page-maintenance?page_id=${page_id}`,
  ])
    expect(await refusal(bob, request)).toBe(`status page id ${page_id} does not exist`);
  expect(await refusal(bob, `POST /page-incident/${id}/update`, { status: "resolved" })).toBe(`page incident id ${id} does not exist`);
  expect(await refusal(bob, "POST /batch-delete/page-incident", [id])).toBe("permission denied");
});

test("planned work is a maintenance window, and goes with its page", async () => {
  const page_id = await pageWithMail();
  const plan = { kind: "once", from: "2026-03-10T11:00:00Z", to: "2026-03-10T13:00:00Z" };
  const body = { page_id, title: "Kernel", plan, affected: [{ kind: "service", id: 2 }], silence: true };
  await data(alice, "POST /page-maintenance", body);
  expect([...windows.values()]).toMatchObject([{ name: "Kernel", ownerId: ALICE.id, serviceIds: [2], serverIds: [], silence: true }]);
  expect(await data(alice, `GET /page-maintenance?page_id=${page_id}`)).toMatchObject([{ running: true, silence: true, window_id: 1 }]);
  expect(await data(alice, "GET /status-page")).toMatchObject([{ indicator: "maintenance" }]);
  expect(await refusal(alice, "POST /page-maintenance", { ...body, affected: [{ kind: "service", id: 1 }] })).toBe(
    "affected.0.id: service id 1 is not on the page",
  );
  await data(alice, "POST /batch-delete/status-page", [page_id]);
  expect(windows.size).toBe(0);
});

test("a process may end at any step: what was said of an incident is there with its line in the audit log and its news, or not at all", async () => {
  const page_id = await pageWithMail();
  const rows = async () => {
    const { kysely } = temporary.database;
    const [updates, lines, news] = await Promise.all([
      kysely.selectFrom("wf_page_updates").select("id").execute(),
      kysely.selectFrom("wf_audit").select("id").where("action", "=", "page-incident.create").execute(),
      kysely.selectFrom("wf_outbox").select("id").where("topic", "=", "status-page-news").execute(),
    ]);
    return [updates.length, lines.length, news.length];
  };
  let whole = 0;
  for (let last = 1; whole < 3; last++) {
    let calls = 0;
    const before = await rows();
    await open(
      mortalDatabase(temporary.database, () => {
        if (++calls > last) throw new Error("killed");
      }),
    ).catch(() => undefined);
    await call(alice, "POST /page-incident", { page_id, title: "x", text: "y", notify: true }).catch(() => undefined);
    const after = await rows();
    const added = after.map((count, at) => count - (before[at] ?? 0));
    expect([
      [0, 0, 0],
      [1, 1, 1],
    ]).toContainEqual(added);
    if (added[0] === 1) whole++;
    expect(last).toBeLessThan(200);
  }
});
