import type { PagePartRef } from "@windfire/api";
import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { expect } from "vitest";
import { openTestPlans } from "#features/incidents/testing";
import { ROLE } from "#kernel";
import type { Caller } from "#kernel";
import { createAuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createBodyBudgets } from "#platform/http";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import { createOutbox } from "#platform/outbox";
import type { Outbox } from "#platform/outbox";
import { createScheduler } from "#platform/scheduler";
import { createSealing } from "#platform/sealing";
import { createStatusPages } from "../index.ts";
import type { StatusPagesDeps, StatusPagesRoom } from "../index.ts";

type Mail = Parameters<StatusPagesDeps["mailer"]["post"]>[1];
type Request = Parameters<StatusPagesDeps["outbound"]["send"]>[0];

const ADMIN = { id: 1, username: "admin", role: ROLE.admin } as const;
export const ALICE = { id: 2, username: "alice", role: ROLE.member } as const;
const as = (user: { id: number; username: string; role: (typeof ROLE)[keyof typeof ROLE] }): Caller => ({
  kind: "session",
  user,
  sessionKey: "k",
  via: "cookie",
});
export const [admin, alice, bob] = [as(ADMIN), as(ALICE), as({ ...ALICE, id: 3 })];
export const START = Date.UTC(2026, 2, 10, 12);

/** The room over a database of its own. Rows 1 and 3 are the administrator's, 2 and 4 alice's; 3 and 4 are hidden. */
export interface PagesBench {
  readonly clock: FakeClock;
  readonly temporary: TemporaryDatabase;
  readonly mails: Mail[];
  /** Requests of webhooks. */
  readonly sent: Request[];
  readonly outbox: Outbox;
  readonly room: StatusPagesRoom;
  readonly call: RouteCaller;
  /** A process begins, over a database that may end it. */
  open(database?: Database): Promise<void>;
  /** @throws the error of a refusal */
  data<T>(caller: Caller, request: string, body?: unknown): Promise<T>;
  /** The error of a refusal; "": it was none. */
  refusal(caller: Caller, request: string, body?: unknown): Promise<string>;
  close(): Promise<void>;
}

export async function openPagesBench(): Promise<PagesBench> {
  const clock = createFakeClock(START);
  const temporary = await openTemporaryDatabase({ clock });
  const mails: Mail[] = [];
  const sent: Request[] = [];
  const start = async (database: Database) => {
    const outbox = createOutbox({ clock, database, onError: (error) => expect.unreachable(String(error)) });
    const room = await roomOver(database, { clock, outbox, mails, sent });
    return { outbox, room, call: createRouteCaller(room.routes) };
  };
  let running = await start(temporary.database);
  const bench: PagesBench = {
    clock,
    temporary,
    mails,
    sent,
    get outbox() {
      return running.outbox;
    },
    get room() {
      return running.room;
    },
    get call() {
      return running.call;
    },
    open: async (database = temporary.database) => void (running = await start(database)),
    async data<T>(caller: Caller, request: string, body?: unknown): Promise<T> {
      const answer = await running.call(caller, request, body);
      if ("error" in answer) throw new Error(answer.error);
      return answer.data as T;
    },
    async refusal(caller, request, body) {
      const answer = await running.call(caller, request, body);
      return "error" in answer ? answer.error : "";
    },
    async close() {
      await running.outbox.stop();
      await temporary.remove();
    },
  };
  return bench;
}

interface Around {
  readonly clock: FakeClock;
  readonly outbox: Outbox;
  readonly mails: Mail[];
  readonly sent: Request[];
}

async function roomOver(database: Database, { clock, outbox, mails, sent }: Around): Promise<StatusPagesRoom> {
  const plans = await openTestPlans(database, clock.now);
  return createStatusPages({
    clock,
    database,
    now: clock.now,
    audit: createAuditLog({ database, now: clock.now }),
    outbox,
    outbound: {
      async send(request) {
        sent.push(request);
        return { status: 200, reason: "OK", body: "" };
      },
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
    delayOf: () => undefined,
    plans,
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
    isReservedHost: (authority) => authority === "reserved.example.org",
    pageCascades: [],
    location: "UTC",
    site: () => "https://dashboard.example.org",
    font: async () => undefined,
    onError: (error) => expect.unreachable(String(error)),
  });
}

/** A page with one service, on `/status/main`. */
export const part = (kind: "server" | "service", id: number, name = "") => ({ kind, id, name });
export const form = (changes: object = {}) => ({
  slug: "main",
  published: true,
  title: "Fleet",
  groups: [{ name: "", parts: [part("service", 2)] }],
  ...changes,
});
