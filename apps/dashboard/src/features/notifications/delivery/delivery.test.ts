import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ROLE } from "#kernel";
import type { Caller } from "#kernel";
import { createAuditLog } from "#platform/audit";
import { createRouteCaller } from "#platform/http/testing";
import { DatabaseError } from "#platform/database";
import type { Database } from "#platform/database";
import { openTemporaryDatabase, statement } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { OutboundError } from "#platform/outbound";
import type { OutboundAnswer } from "#platform/outbound";
import { createOutbox } from "#platform/outbox";
import { createSealing } from "#platform/sealing";
import type { Outbox } from "#platform/outbox";
import { createNotifications } from "../index.ts";
import type { Notifications } from "../index.ts";

type Answer = number | "hangs";
/** A receiver's answer at a time, in seconds since the beginning. */
type Receiver = (seconds: number) => Answer;

let temporary: TemporaryDatabase;
let clock: ReturnType<typeof createFakeClock>;
let outbox: Outbox;
let room: Notifications;
let begin: number;
let receivers: Receiver[];
/** What each channel took: seconds and text. */
let taken: string[][];
/** The database refuses to write for the room with this. */
let refusal: Error | undefined;
let hanging: ((outcome: Answer | "lost") => void)[];

const GROUP = 1;
const PAIR = "alert 1 5";
const at = (): number => (clock.now() - begin) / 1000;

async function open(): Promise<void> {
  outbox = createOutbox({ clock, database: temporary.database, onError: (error) => expect.fail(String(error)) });
  const change: Database["change"] = async (verb) => {
    if (refusal) throw refusal;
    return temporary.database.change(verb);
  };
  room = await createNotifications({
    database: { ...temporary.database, change },
    audit: createAuditLog({ database: temporary.database, now: clock.now }),
    outbox,
    clock,
    now: clock.now,
    outbound: {
      connect: () => Promise.reject(new OutboundError("refused", "not here")),
      send: async ({ url, body = "" }): Promise<OutboundAnswer> => {
        const channel = Number(new URL(url).pathname.slice(1));
        let answer: Answer | "lost" = receivers[channel]?.(at()) ?? 200;
        if (answer === "hangs") answer = await new Promise((resolve) => hanging.push(resolve));
        if (answer === "lost") throw new OutboundError("timeout", "no whole answer in time", { written: true });
        if (answer === 200) taken[channel]?.push(`${at()} ${body.toString()}`);
        return { status: typeof answer === "number" ? answer : 500, reason: "", body: "" };
      },
    },
    server: () => undefined,
    formatDateTime: String,
    translate: (id) => id,
    sealing: createSealing(new Uint8Array(32)),
    ownsEverything: () => false,
    site: () => "https://monitor.example.org",
    requireRoom: () => undefined,
    groupCascades: [],
    log: { info: () => undefined, warn: () => undefined },
  });
  await outbox.start();
}

beforeEach(async () => {
  clock = createFakeClock();
  begin = clock.now();
  receivers = [];
  taken = [[], []];
  hanging = [];
  refusal = undefined;
  temporary = await openTemporaryDatabase({ clock });
  const time = "2025-01-01 00:00:00+00:00";
  const row = { created_at: time, updated_at: time, user_id: 1 };
  const { kysely } = temporary.database;
  const request = {
    request_method: 2,
    request_type: 1,
    request_header: "",
    request_body: "#NEZHA#",
    verify_tls: 1,
    format_metric_units: 0,
  };
  for (const id of [0, 1])
    await kysely
      .insertInto("notifications")
      .values({ ...row, name: "c", url: `http://h/${id}`, ...request })
      .execute();
  await kysely
    .insertInto("notification_groups")
    .values({ ...row, name: "g" })
    .execute();
  await open();
});
afterEach(async () => {
  for (const end of hanging) end(200);
  await outbox.stop();
  await temporary.remove();
});

const joinGroup = async (groupId: number, ...channels: number[]): Promise<void> => {
  await temporary.database.change(async (tx, changes) => {
    const times = { created_at: null, updated_at: null, user_id: 1 };
    for (const id of channels)
      await tx
        .insertInto("notification_group_notifications")
        .values({ ...times, notification_group_id: groupId, notification_id: id + 1 })
        .execute();
    changes.put("notification-group", groupId);
  });
};
const join = (...channels: number[]): Promise<void> => joinGroup(GROUP, ...channels);
/** Lets everything that is due happen, second by second: each step ends when nothing is under way but what hangs. */
const quiet = async (): Promise<void> => {
  await vi.waitFor(async () => {
    const { sending } = await outbox.stats();
    expect(sending).toBe(hanging.length);
    const pending = (await outbox.find({ topic: "notification", states: ["waiting", "sending"] }, 100)).toReversed();
    const held = new Set(pending.filter(({ state }) => state === "sending").map(({ target }) => target));
    const first = pending.filter(({ lane }, index) => lane === "" || pending.findIndex((other) => other.lane === lane) === index);
    expect(first.filter(({ nextTryAt, target }) => nextTryAt <= clock.now() && !held.has(target))).toEqual([]);
  });
};
const until = async (seconds: number): Promise<void> => {
  while (at() < seconds) {
    clock.advance(Math.min(5, seconds - at()) * 1000);
    await quiet();
  }
};
const say = async (what: "raise" | "clear" | "remind", event = 1): Promise<void> => {
  const of = { groupId: GROUP, pair: PAIR, event: `${PAIR} ${event}` };
  await temporary.database.change((tx, changes) => room.deliveries[what](tx, changes, of, { text: `${what} ${event}` }));
  await quiet();
};
const end = async (outcome: Answer | "lost"): Promise<void> => {
  hanging.shift()?.(outcome);
  await quiet();
};
const fates = async (): Promise<string[]> =>
  (await outbox.find({ topic: "notification" }, 100)).map(({ kind, state }) => `${kind} ${state}`).toReversed();
const refusesUntil =
  (end503: number): Receiver =>
  (seconds) =>
    seconds < end503 ? 503 : 200;

/** Examples D1 to D9 of spec 30 section 3.7. */
test("D1: incident and recovery arrive", async () => {
  await join(0);
  await say("raise");
  await until(60);
  await say("clear");
  expect(taken[0]).toEqual(["0 raise 1", "60 clear 1"]);
});

test("messages of a service are told apart by the incident they belong to", async () => {
  await join(0);
  for (const incident of [1, 2])
    await temporary.database.change((tx, changes) =>
      room.deliveries.tellState(tx, changes, GROUP, "service 4", { text: `down ${incident}`, incident }),
    );
  await quiet();
  const user = { id: 1, username: "admin", role: ROLE.admin };
  const caller: Caller = { kind: "session", user, sessionKey: "k", via: "cookie" };
  const texts = async (incident?: number) => (await room.messagesOf(caller, "service 4", incident)).map(({ text }) => text);
  expect(await texts(1)).toEqual(["down 1"]);
  expect(await texts(2)).toEqual(["down 2"]);
  expect(await texts()).toEqual(["down 1", "down 2"]);
});

test("D2: what was refused for certain and is over is told to nobody", async () => {
  await join(0);
  receivers = [() => 503];
  await say("raise");
  await until(45);
  await say("clear");
  receivers = [];
  await until(120);
  expect(taken[0]).toEqual([]);
  expect(await fates()).toEqual(["incident cancelled"]);
});

test("D3: the incident arrives at the next try, the recovery after it", async () => {
  await join(0);
  receivers = [refusesUntil(20)];
  await say("raise");
  await until(60);
  await say("clear");
  expect(taken[0]).toEqual(["30 raise 1", "60 clear 1"]);
});

test("D4: a request of unknown outcome is not repeated once it is over, but the recovery is told", async () => {
  await join(0);
  receivers = [(seconds) => (seconds === 0 ? "hangs" : 200)];
  await say("raise");
  await until(10);
  await say("clear");
  await until(30);
  await end("lost");
  expect(taken[0]).toEqual(["30 clear 1"]);
  expect(await fates()).toEqual(["incident cancelled", "recovery sent"]);
});

test("D5: the recovery waits for an incident that is under way", async () => {
  await join(0);
  receivers = [(seconds) => (seconds === 0 ? "hangs" : 200)];
  await say("raise");
  await until(10);
  await say("clear");
  await until(20);
  expect(taken[0]).toEqual([]);
  await end(200);
  expect(taken[0]).toEqual(["20 raise 1", "20 clear 1"]);
});

test("D5, refused: neither is told", async () => {
  await join(0);
  receivers = [(seconds) => (seconds === 0 ? "hangs" : 200)];
  await say("raise");
  await say("clear");
  await end(503);
  await until(60);
  expect(taken[0]).toEqual([]);
  expect(await fates()).toEqual(["incident cancelled", "recovery cancelled"]);
});

test("D6: each channel has its own fate", async () => {
  await join(0, 1);
  receivers = [() => 200, () => 503];
  await say("raise");
  await until(45);
  await say("clear");
  receivers = [];
  await until(120);
  expect(taken).toEqual([["0 raise 1", "45 clear 1"], []]);
});

test("D7: a recovery that was not told yet when it begins anew is not told", async () => {
  await join(0);
  await say("raise");
  receivers = [(seconds) => (seconds >= 60 && seconds < 70 ? 503 : 200)];
  await until(60);
  await say("clear");
  await until(80);
  await say("raise", 2);
  await until(200);
  expect(taken[0]).toEqual(["0 raise 1", "80 raise 2"]);
});

test("an end that was given up for the next beginning is told after all when that one ends untold", async () => {
  await join(0);
  receivers = [(seconds) => (seconds < 10 || seconds >= 100 ? 200 : 503)];
  await say("raise");
  await until(20);
  await say("clear");
  await until(30);
  await say("raise", 2);
  await until(40);
  await say("clear", 2);
  await until(200);
  expect(taken[0]?.map((text) => text.replace(/^\d+ /, ""))).toEqual(["raise 1", "clear 2"]);
});

test("so is it when the next beginning is refused while it is under way", async () => {
  await join(0);
  receivers = [(seconds) => (seconds < 10 ? 200 : seconds < 35 ? 503 : "hangs")];
  await say("raise");
  await until(20);
  await say("clear");
  await until(35);
  await say("raise", 2);
  await say("clear", 2);
  receivers = [];
  await end(503);
  await until(200);
  expect(taken[0]?.map((text) => text.replace(/^\d+ /, ""))).toEqual(["raise 1", "clear 2"]);
});

test("an end is told although a reminder is refused while it comes", async () => {
  await join(0);
  await say("raise");
  receivers = [() => "hangs"];
  await say("remind");
  await say("clear");
  receivers = [];
  await end(503);
  expect(taken[0]).toEqual(["0 raise 1", "0 clear 1"]);
});

test("what hung when it began anew is not told any more, and its end only if it may have been heard of", async () => {
  await join(0, 1);
  receivers = [() => "hangs", () => "hangs"];
  await say("raise");
  await say("clear");
  await say("raise", 2);
  await say("clear", 2);
  receivers = [];
  await end(503);
  await end("lost");
  await until(300);
  expect(taken).toEqual([[], ["0 clear 2"]]);
});

test("D8 and D9: after a kill what waited is sent once, what was under way once more", async () => {
  await join(0);
  receivers = [() => 503];
  await say("raise");
  await until(10);
  await outbox.stop();
  receivers = [() => "hangs"];
  await open();
  await until(30);
  expect(hanging).toHaveLength(1);
  await outbox.stop();
  receivers = [];
  hanging = [];
  await open();
  await vi.waitFor(() => expect(taken[0]).toEqual(["30 raise 1"]));
  expect(await outbox.find({ topic: "notification" }, 9)).toMatchObject([{ state: "sent", unsure: true }]);
});

test("D10: reminders that wait when it is over are not told", async () => {
  await join(0);
  receivers = [(seconds) => (seconds >= 800 && seconds < 1_000 ? 503 : 200)];
  await say("raise");
  await until(900);
  await say("remind");
  await until(950);
  await say("clear");
  await until(1_100);
  expect(taken[0]).toEqual(["0 raise 1", "1010 clear 1"]);
});

test("D11: of a service's states the one being tried stays, behind it the newest", async () => {
  await join(0);
  receivers = [refusesUntil(100)];
  const state = async (text: string): Promise<void> => {
    await temporary.database.change((tx, changes) => room.deliveries.tellState(tx, changes, GROUP, "service 3", { text }));
    await quiet();
  };
  for (const text of ["Down", "Low", "Down", "Good"]) await state(text);
  await until(200);
  expect(taken[0]).toEqual(["120 Down", "120 Good"]);
});

test("a muted message is told once, and again when its label was cleared; a failed one mutes nothing", async () => {
  await join(0);
  receivers = [refusesUntil(20)];
  const tell = async (): Promise<void> => {
    await temporary.database.change((tx, changes) => room.deliveries.tell(tx, changes, GROUP, { text: "slow", mute: "l" }));
    await quiet();
  };
  await tell();
  await tell();
  await until(30);
  expect(taken[0]).toEqual(["30 slow"]);
  await tell();
  await until(60);
  expect(taken[0]).toHaveLength(1);
  room.unmute(GROUP, "l");
  await vi.waitFor(() => expect(room.deliveries.wouldTell(GROUP, { text: "", mute: "l" })).toBe(true));
  await tell();
  expect(taken[0]).toHaveLength(2);
});

test("a channel that hangs holds up no other, and one tenant's full queue is its own", async () => {
  await join(0, 1);
  receivers = [() => "hangs", () => 200];
  for (let index = 0; index < 5; index++)
    await temporary.database.change((tx, changes) => room.deliveries.tell(tx, changes, GROUP, { text: `t${index}` }));
  await quiet();
  expect(taken[1]).toHaveLength(5);
  expect(hanging).toHaveLength(1);
});

test("what is said once is told when the database can be written again; what is said again and again is not said late", async () => {
  await join(0);
  refusal = new DatabaseError("full", "no space");
  room.notify(GROUP, { text: "moved" });
  room.notify(GROUP, { text: "slow", mute: "bf::sln-1" });
  await new Promise(setImmediate);
  await room.tryAgain();
  refusal = undefined;
  await room.tryAgain();
  await quiet();
  expect(taken[0]).toEqual(["0 moved"]);
});

test("a text of any length is cut at a whole character", async () => {
  await join(1);
  await temporary.database.change((tx, changes) => room.deliveries.tell(tx, changes, GROUP, { text: "€".repeat(100_000) }));
  await quiet();
  const [text = ""] = taken[1] ?? [];
  expect(text.length).toBeLessThan(22_000);
  expect(text).toMatch(/^0 €+…$/);
});

test("a channel that leaves the group or goes takes along what waits for it", async () => {
  await join(0, 1);
  receivers = [() => 503, () => 503];
  await say("raise");
  await temporary.database.change((tx, changes) => room.deliveries.dropMembers(tx, changes, GROUP, [1]));
  await temporary.database.change((tx) => room.deliveries.dropChannels(tx, [2]));
  expect(await fates()).toEqual(["incident cancelled"]);
});

test("a target that is not allowed is given up at once, and tried again when the channel is edited", async () => {
  await join(0);
  receivers = [
    () => {
      throw new OutboundError("refused", "HTTP URL target is not allowed");
    },
  ];
  await say("raise");
  expect(await fates()).toEqual(["incident dead"]);
  receivers = [];
  await temporary.database.change((tx, changes) => room.deliveries.reviveChannel(tx, changes, 1));
  await quiet();
  expect(taken[0]).toEqual(["0 raise 1"]);
});

test("what is over, or is another state by now, is not told when the channel is mended", async () => {
  await join(0);
  const { deliveries } = room;
  const refusing: Receiver[] = [
    () => {
      throw new OutboundError("refused", "HTTP URL target is not allowed");
    },
  ];
  const state = async (text: string): Promise<void> => {
    await temporary.database.change((tx, changes) => deliveries.tellState(tx, changes, GROUP, "service 1", { text, mute: text }));
    await quiet();
  };
  receivers = refusing;
  await say("raise", 1);
  await say("clear", 1);
  await say("raise", 2);
  await state("down");
  await state("low");
  receivers = [];
  await temporary.database.change((tx, changes) => deliveries.reviveChannel(tx, changes, 1));
  await quiet();
  await say("clear", 2);
  expect(taken[0]).toEqual(["0 raise 2", "0 low", "0 clear 2"]);
});

test("the log of deliveries shows what became of each message to whoever owns the channel, and a dead one can be sent again", async () => {
  await join(0);
  receivers = [
    () => {
      throw new OutboundError("refused", "HTTP URL target is not allowed");
    },
  ];
  await say("raise");
  const call = createRouteCaller(room.routes);
  const user = (id: number): Caller => ({
    kind: "session",
    user: { id, username: "u", role: ROLE.member },
    sessionKey: "k",
    via: "cookie",
  });
  const list = async (id: number, query = "") => call(user(id), `GET /delivery${query}`);
  expect(await list(1)).toMatchObject({
    data: [
      {
        id: 1,
        notification: 1,
        group: GROUP,
        kind: "incident",
        state: "dead",
        attempts: 1,
        text: "raise 1",
        error: "HTTP URL target is not allowed",
      },
    ],
  });
  expect(await list(1, "?state=sent")).toEqual({ data: [] });
  expect(await list(2)).toEqual({ data: [] });
  expect(await call(user(2), "POST /delivery/1/send-again")).toEqual({ error: "delivery id 1 does not exist" });
  expect(await call(user(1), "POST /delivery/9/send-again")).toEqual({ error: "delivery id 9 does not exist" });
  receivers = [];
  expect(await call(user(1), "POST /delivery/1/send-again")).toEqual({ data: null });
  await quiet();
  expect(taken[0]).toEqual(["0 raise 1"]);
  expect(await call(user(1), "POST /delivery/1/send-again")).toEqual({ error: "delivery 1 is sent, not dead" });
});

test("a token with a server list sees what is said of its servers alone, and sends nothing else again", async () => {
  await join(0);
  await temporary.database.change(async (tx, changes) => {
    for (const over of [{ serverId: 5 }, { serverId: 6 }, {}]) await room.deliveries.tell(tx, changes, GROUP, { text: "said", ...over });
  });
  await quiet();
  await temporary.database.kysely.updateTable("wf_outbox").set({ state: "dead" }).execute();
  const call = createRouteCaller(room.routes);
  const user = { id: 1, username: "u", role: ROLE.member } as const;
  const token: Caller = { kind: "token", user, tokenId: 1, scopes: ["nezha:*"], serverIds: new Set([6]) };
  expect(await call(token, "GET /delivery")).toMatchObject({ data: [{ id: 2 }] });
  for (const id of [1, 3])
    expect(await call(token, `POST /delivery/${id}/send-again`)).toEqual({ error: `delivery id ${id} does not exist` });
  expect(await call(token, "POST /delivery/2/send-again")).toEqual({ data: null });
  await quiet();
});

test("however much others are told, somebody's own log has their messages", async () => {
  await join(0, 1);
  await temporary.database.change((tx, changes) => room.deliveries.tell(tx, changes, GROUP, { text: "mine" }));
  await quiet();
  await temporary.database.kysely.updateTable("notifications").set({ user_id: 9 }).where("id", "=", 2).execute();
  await outbox.stop();
  await open();
  await statement(
    temporary.database,
    `INSERT INTO wf_outbox (topic, target, lane, event, kind, payload, state, bytes, attempts, unsure, created_at, next_try_at, lease_until, settled_at, last_error)
       WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 6000)
       SELECT topic, '2', lane, event, kind, payload, 'sent', bytes, 1, 0, created_at, 0, 0, 1, '' FROM many, wf_outbox WHERE target = '2'`,
  ).run();
  const user = { id: 1, username: "u", role: ROLE.member } as const;
  const caller: Caller = { kind: "session", user, sessionKey: "k", via: "cookie" };
  expect(await createRouteCaller(room.routes)(caller, "GET /delivery")).toMatchObject({ data: [{ notification: 1, text: "mine" }] });
});

test("however much else goes through a channel, the end of what it was told of is told", async () => {
  await join(0);
  await say("raise");
  await say("remind");
  await temporary.database.change(async (tx, changes) => {
    for (let index = 0; index < 700; index++) await room.deliveries.tell(tx, changes, GROUP, { text: "task" });
  });
  await vi.waitFor(async () => expect((await outbox.stats()).waiting).toBe(0), { timeout: 5_000, interval: 50 });
  expect((await outbox.find({ topic: "notification" }, 999)).length).toBeLessThan(700);
  await say("clear");
  expect(taken[0]?.filter((text) => !text.endsWith("task"))).toEqual(["0 raise 1", "0 remind 1", "0 clear 1"]);
});

describe("another group is told of what lasts", () => {
  const OTHER = 2;
  const of = { groupId: OTHER, pair: PAIR, event: `${PAIR} 1` };
  const move = async (groupId = OTHER): Promise<void> => {
    await temporary.database.change((tx, changes) => room.deliveries.move(tx, changes, { ...of, groupId }, { text: "raise 1" }));
    await quiet();
  };
  const clear = async (): Promise<void> => {
    await temporary.database.change((tx, changes) => room.deliveries.clear(tx, changes, of, { text: "clear 1" }));
    await quiet();
  };
  beforeEach(async () => {
    const time = "2025-01-01 00:00:00+00:00";
    const row = { created_at: time, updated_at: time, user_id: 1, name: "other" };
    await temporary.database.kysely.insertInto("notification_groups").values(row).execute();
    await join(0);
  });

  test("who knows of it hears its end, who does not hears of it now; nobody twice", async () => {
    await joinGroup(OTHER, 1);
    await say("raise");
    clock.advance(10_000);
    await move();
    await move(GROUP);
    await move();
    clock.advance(10_000);
    await clear();
    expect(taken).toEqual([
      ["0 raise 1", "20 clear 1"],
      ["10 raise 1", "20 clear 1"],
    ]);
  });

  test("a channel of both groups hears of it once", async () => {
    await joinGroup(OTHER, 0, 1);
    await say("raise");
    await move();
    await clear();
    expect(taken).toEqual([
      ["0 raise 1", "0 clear 1"],
      ["0 raise 1", "0 clear 1"],
    ]);
  });

  test("what waits for the old one is not sent, and so its end is not", async () => {
    await joinGroup(OTHER, 1);
    receivers[0] = refusesUntil(10);
    await say("raise");
    await move();
    await until(60);
    await clear();
    expect(taken).toEqual([[], ["0 raise 1", "60 clear 1"]]);
  });
});

test("a channel that left its group while an attempt was under way is not tried again", async () => {
  receivers = [(seconds) => (seconds === 0 ? "hangs" : 200)];
  await join(0);
  await say("raise");
  await temporary.database.change(async (tx, changes) => {
    await tx.deleteFrom("notification_group_notifications").execute();
    changes.put("notification-group", GROUP);
    await room.deliveries.dropMembers(tx, changes, GROUP, [1]);
  });
  await end("lost");
  await until(120);
  expect({ taken: taken[0], fates: await fates() }).toEqual({ taken: [], fates: ["incident cancelled"] });
});
