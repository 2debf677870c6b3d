import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Database } from "#platform/database";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { OUTBOX_LIMITS } from "./model.ts";
import type { Message, MessageState, NewMessage, Outcome } from "./model.ts";
import { createOutbox } from "./outbox.ts";
import type { Outbox } from "./outbox.ts";

let temporary: TemporaryDatabase;
const clock = createFakeClock();

beforeEach(async () => {
  temporary = await openTemporaryDatabase({ clock });
});
afterEach(async () => temporary.remove());

interface Stage {
  readonly feed: Pick<Database, "change">;
  readonly outbox: Outbox;
  readonly sent: Message[];
  readonly errors: unknown[];
  add(message: Partial<NewMessage>): Promise<void>;
}

/** A program with one topic; `answer` decides what becomes of each attempt. */
async function build(
  answer: (message: Message, signal: AbortSignal) => Outcome | Promise<Outcome>,
  limits = OUTBOX_LIMITS,
  database: Database = temporary.database,
): Promise<Stage> {
  const sent: Message[] = [];
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const feed = temporary.database;
  const outbox = createOutbox({ clock, database, onError, limits });
  outbox.handle({
    name: "mail",
    attemptMs: 10_000,
    ownerOf: (target) => target.split(":")[0] ?? "",
    leastWanted: "reminder",
    retryAfter: (attempts) => (attempts < 3 ? 30_000 : undefined),
    send: async (message, signal) => {
      sent.push(message);
      return answer(message, signal);
    },
  });
  const add = async (message: Partial<NewMessage>): Promise<void> =>
    feed.change(async (tx, changes) => void (await outbox.add(tx, changes, { topic: "mail", target: "1", payload: "text", ...message })));
  return { feed, outbox, sent, errors, add };
}
/** Longer than the usual second: the same runs on PostgreSQL, beside other tests. */
const eventually = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 20_000 });
const texts = (messages: readonly Message[]): unknown[] => messages.map(({ payload }) => payload);
const delivered: Outcome = { kind: "delivered" };

test("a message goes out after the commit of its change, and then it is gone", async () => {
  const { feed, outbox, sent, add } = await build(() => delivered);
  await outbox.start();
  const failing = feed.change(async (tx, changes) => {
    await outbox.add(tx, changes, { topic: "mail", target: "1", payload: "never" });
    throw new Error("undone");
  });
  await expect(failing).rejects.toThrow("undone");
  await add({ payload: "hello" });
  await eventually(async () => expect((await outbox.stats()).waiting).toBe(0));
  expect(texts(sent)).toEqual(["hello"]);
  await outbox.stop();
});

test("an attempt that fails is repeated as its topic says, then it lies as a dead letter and can be sent again", async () => {
  let works = false;
  const { feed, outbox, sent, add } = await build(() => (works ? delivered : { kind: "retry", reason: "refused" }));
  await outbox.start();
  await add({});
  for (const attempts of [1, 2]) {
    await eventually(async () => expect(await outbox.find({ topic: "mail" }, 1)).toMatchObject([{ attempts, lastError: "refused" }]));
    clock.advance(29_999);
    expect(sent.length).toBe(attempts);
    clock.advance(1);
  }
  await eventually(async () => expect(await outbox.find({ topic: "mail", states: ["dead"] }, 1)).toHaveLength(1));
  works = true;
  const [dead] = await outbox.find({ topic: "mail", states: ["dead"] }, 1);
  expect(await feed.change((tx, changes) => outbox.sendAgain(tx, changes, { id: dead?.id ?? 0 }))).toBe(1);
  await eventually(async () => expect(await outbox.find({ topic: "mail" }, 1)).toMatchObject([{ state: "sent", attempts: 1 }]));
  expect(sent).toHaveLength(4);
  await outbox.stop();
});

test("a later time that the target names is obeyed", async () => {
  const { outbox, sent, add } = await build(({ attempts }) =>
    attempts > 0 ? delivered : { kind: "retry", reason: "429", afterMs: 90_000 },
  );
  await outbox.start();
  await add({});
  await eventually(async () => expect(await outbox.find({ topic: "mail" }, 1)).toMatchObject([{ attempts: 1 }]));
  clock.advance(89_999);
  expect(sent).toHaveLength(1);
  clock.advance(1);
  await eventually(() => expect(sent).toHaveLength(2));
  await outbox.stop();
});

test("a target that hangs holds up no other; its attempt ends in time and counts as failed", async () => {
  const { outbox, sent, add } = await build(({ target }) => (target === "slow" ? new Promise(() => undefined) : delivered));
  await outbox.start();
  await add({ target: "slow" });
  for (const target of ["a", "b", "c"]) await add({ target });
  await eventually(() => expect(sent).toHaveLength(4));
  const open = async () => outbox.find({ topic: "mail", states: ["waiting", "sending"] }, 9);
  await eventually(async () => expect(await open()).toHaveLength(1));
  clock.advance(10_000);
  await eventually(async () => expect(await open()).toMatchObject([{ attempts: 1, unsure: true, lastError: "no answer in time" }]));
  await outbox.stop();
});

test("a key of another topic holds nothing back", async () => {
  const { feed, outbox, sent, add } = await build(() => delivered);
  outbox.handle({
    name: "records",
    attemptMs: 10_000,
    ownerOf: () => "",
    leastWanted: "reminder",
    retryAfter: () => 30_000,
    send: () => Promise.resolve({ kind: "retry", reason: "no" }),
  });
  await feed.change(
    async (tx, changes) => void (await outbox.add(tx, changes, { topic: "records", target: "1", payload: "stuck", lane: "rule 1" })),
  );
  await add({ payload: "incident", lane: "rule 1" });
  await outbox.start();
  await eventually(() => expect(texts(sent)).toEqual(["incident"]));
  await outbox.stop();
});

test("messages of one key keep their order across failures, others of the target pass by", async () => {
  let works = false;
  const { outbox, sent, add } = await build(({ payload }) => (works || payload === "other" ? delivered : { kind: "retry", reason: "no" }));
  await add({ payload: "incident", lane: "rule 1" });
  await add({ payload: "recovery", lane: "rule 1" });
  await add({ payload: "other" });
  await outbox.start();
  await eventually(async () =>
    expect(texts(await outbox.find({ topic: "mail", states: ["waiting"] }, 9))).toEqual(["recovery", "incident"]),
  );
  await eventually(() => expect(texts(sent)).toEqual(["incident", "other"]));
  works = true;
  clock.advance(30_000);
  await eventually(async () => expect((await outbox.stats()).waiting).toBe(0));
  expect(texts(sent)).toEqual(["incident", "other", "incident", "recovery"]);
  await outbox.stop();
});

test("what was under way when the program ended is sent again after the start", async () => {
  const first = await build(() => new Promise(() => undefined));
  await first.outbox.start();
  await first.add({ payload: "twice at most" });
  await eventually(() => expect(first.sent).toHaveLength(1));
  const next = await build(() => delivered);
  await next.outbox.start();
  await eventually(() => expect(texts(next.sent)).toEqual(["twice at most"]));
  await first.outbox.stop();
  await next.outbox.stop();
});

test("a stop cuts attempts off and leaves their messages waiting, unbooked", async () => {
  const { outbox, sent, add } = await build(
    (_message, signal) => new Promise((_resolve, reject) => signal.addEventListener("abort", reject)),
  );
  await outbox.start();
  await add({});
  await eventually(() => expect(sent).toHaveLength(1));
  await outbox.stop();
  expect(await outbox.find({ topic: "mail" }, 1)).toMatchObject([{ state: "sending", attempts: 0 }]);
  await outbox.start();
  await eventually(() => expect(sent).toHaveLength(2));
  expect(sent[1]).toMatchObject({ unsure: true });
  await outbox.stop();
});

test("a stop begins no attempt with what is just being claimed", async () => {
  const { promise: claimed, resolve: goOn } = Promise.withResolvers<void>();
  const { database } = temporary;
  let isHeld = false;
  const slow: Database = {
    ...database,
    change: async (verb) => {
      const value = await database.change(verb);
      if (isHeld) await claimed;
      return value;
    },
  };
  const { outbox, sent, add } = await build(() => new Promise(() => undefined), OUTBOX_LIMITS, slow);
  await outbox.start();
  isHeld = true;
  await add({});
  await eventually(async () => expect(await outbox.find({ topic: "mail" }, 1)).toMatchObject([{ state: "sending" }]));
  const stopped = outbox.stop();
  goOn();
  await stopped;
  expect(sent).toEqual([]);
});

test("a full target gives up its own oldest message and nobody else's", async () => {
  const limits = { ...OUTBOX_LIMITS, targetBytes: 30, messageBytes: 20, keptPerTarget: 2 };
  const { outbox, add } = await build(() => delivered, limits);
  await add({ target: "other", payload: "kept" });
  for (const payload of ["1234567", "2345678", "3456789", "4567890", "5678901", "6789012"]) await add({ payload });
  const of = async (target: string, state: MessageState) => texts(await outbox.find({ topic: "mail", target, states: [state] }, 9));
  expect(await of("1", "waiting")).toEqual(["6789012", "5678901", "4567890"]);
  expect(await of("1", "dead")).toEqual(["3456789", "2345678", "1234567"]);
  expect(await of("other", "waiting")).toEqual(["kept"]);
  expect((await outbox.stats()).full).toBe(3);
  await expect(add({ payload: "x".repeat(30) })).rejects.toThrow(RangeError);
});

test("what a full target gives up is told to its topic, which finds the new message and may cancel others", async () => {
  const { database } = temporary;
  const outbox = createOutbox({ clock, database, onError: () => undefined, limits: { ...OUTBOX_LIMITS, targetMessages: 2 } });
  const told: unknown[] = [];
  outbox.handle({
    name: "mail",
    attemptMs: 10_000,
    ownerOf: () => "",
    retryAfter: () => 30_000,
    send: async () => delivered,
    async settled(tx, changes, { payload, state, lastError, lane }, outcome) {
      told.push([payload, state, lastError, outcome.kind]);
      const ends = await outbox.find({ topic: "mail", lane, states: ["waiting"] }, 9, tx);
      await outbox.cancel(
        tx,
        changes,
        ends.map(({ id }) => id),
        "it is over",
      );
    },
  });
  for (const [payload, lane] of [
    ["incident", "x"],
    ["other", "y"],
    ["recovery", "x"],
  ] as const)
    await database.change(async (tx, changes) => void (await outbox.add(tx, changes, { topic: "mail", target: "1", payload, lane })));
  expect(told).toEqual([["incident", "dead", "the queue of this target is full", "dead"]]);
  expect((await outbox.find({ topic: "mail" }, 9)).map(({ payload, state }) => `${String(payload)} ${state}`).toReversed()).toEqual([
    "incident dead",
    "other waiting",
    "recovery cancelled",
  ]);
});

test("when the whole outbox is full a new message becomes a dead letter, seen by its owner and told to its topic", async () => {
  const { database } = temporary;
  const outbox = createOutbox({ clock, database, onError: () => undefined, limits: { ...OUTBOX_LIMITS, totalBytes: 20 } });
  const told: unknown[] = [];
  outbox.handle({
    name: "mail",
    attemptMs: 10_000,
    ownerOf: () => "",
    retryAfter: () => 30_000,
    send: async () => delivered,
    async settled(tx, _changes, { id, target, state, lastError }, outcome) {
      const [stored] = await outbox.find({ topic: "mail", target }, 1, tx);
      told.push([target, state, lastError, outcome.kind, stored?.id === id]);
    },
  });
  const add = (message: Pick<NewMessage, "target" | "payload">): Promise<number> =>
    database.change((tx, changes) => outbox.add(tx, changes, { topic: "mail", ...message }));
  await add({ target: "a", payload: "1234567890" });
  await add({ target: "b", payload: "1234567890" });
  expect(await outbox.find({ topic: "mail", target: "b" }, 9)).toMatchObject([{ state: "dead", lastError: "the outbox is full" }]);
  expect(await outbox.find({ topic: "mail", target: "a" }, 9)).toMatchObject([{ state: "waiting" }]);
  expect(told).toEqual([["b", "dead", "the outbox is full", "dead", true]]);
});

const withdraw = ({ feed, outbox }: Stage): Promise<number> =>
  feed.change((tx, changes) => outbox.withdraw(tx, changes, { topic: "mail", event: "7" }, "over"));

test.each<[string, Outcome]>([
  ["comes to nothing", { kind: "retry", reason: "503" }],
  ["is given up", { kind: "dead", reason: "no such address" }],
])("an attempt that was withdrawn while it was under way and %s is not repeated", async (_what, outcome) => {
  let release: (outcome: Outcome) => void = () => undefined;
  const stage = await build(() => new Promise((resolve) => (release = resolve)));
  await stage.outbox.start();
  await stage.add({ payload: "first", event: "7" });
  await eventually(() => expect(stage.sent).toHaveLength(1));
  expect(await withdraw(stage)).toBe(0);
  release(outcome);
  const find = () => stage.outbox.find({ topic: "mail", event: "7" }, 9);
  await eventually(async () => expect(await find()).toMatchObject([{ state: "cancelled", lastError: "over", attempts: 1 }]));
  await stage.outbox.stop();
});

test("what was withdrawn is not taken up by the next program, and what was given up before is sent again by hand alone", async () => {
  const first = await build(({ payload }) => (payload === "lost" ? { kind: "dead", reason: "no" } : new Promise(() => undefined)));
  await first.outbox.start();
  await first.add({ payload: "lost", event: "7" });
  await first.add({ payload: "under way", event: "7" });
  await eventually(() => expect(first.sent).toHaveLength(2));
  await withdraw(first);
  const next = await build(() => delivered);
  await next.outbox.start();
  const states = async () => (await next.outbox.find({ topic: "mail", event: "7" }, 9)).map(({ state, unsure }) => [state, unsure]);
  expect(await states()).toEqual([
    ["cancelled", true],
    ["dead", false],
  ]);
  const again = (where: Parameters<Outbox["sendAgain"]>[2]) => next.feed.change((tx, changes) => next.outbox.sendAgain(tx, changes, where));
  expect(await again({ topic: "mail", target: "1", since: 0 })).toBe(0);
  expect(await again({ id: first.sent[0]?.id ?? 0 })).toBe(1);
  await eventually(() => expect(texts(next.sent)).toEqual(["lost"]));
  await first.outbox.stop();
  await next.outbox.stop();
});

test("what waits can be cancelled, what is under way is not torn", async () => {
  let release: (outcome: Outcome) => void = () => undefined;
  const { feed, outbox, sent, add } = await build(() => new Promise((resolve) => (release = resolve)));
  await outbox.start();
  await add({ payload: "first", event: "7" });
  await eventually(() => expect(sent).toHaveLength(1));
  await add({ payload: "second", event: "7" });
  expect(await feed.change((tx, changes) => outbox.withdraw(tx, changes, { topic: "mail", event: "7" }, "over"))).toBe(1);
  release(delivered);
  const fates = async () => (await outbox.find({ topic: "mail", event: "7" }, 9)).map(({ state }) => state);
  await eventually(async () => expect(await fates()).toEqual(["cancelled", "sent"]));
  await outbox.stop();
});

test("the same of a program that is started anew more often than it sends much", async () => {
  for (let start = 0; start < 20; start++) {
    const { outbox, add } = await build(() => delivered, { ...OUTBOX_LIMITS, keptPerTarget: 3 });
    await outbox.start();
    for (let index = 0; index < 5; index++) await add({ payload: `${start} ${index}` });
    await eventually(async () => expect((await outbox.find({ topic: "mail", states: ["sent"] }, 1))[0]?.payload).toBe(`${start} 4`));
    await outbox.stop();
    expect((await outbox.find({ topic: "mail" }, 1_000)).length).toBeLessThanOrEqual(3 + 5);
  }
});

test("of what came to an end only the newest is kept", async () => {
  const { outbox, add } = await build(() => delivered, { ...OUTBOX_LIMITS, keptPerTarget: 3 });
  await outbox.start();
  for (let index = 0; index < 100; index++) await add({ payload: index });
  await eventually(async () => expect((await outbox.stats()).waiting).toBe(0));
  await eventually(async () => expect((await outbox.find({ topic: "mail" }, 999)).length).toBeLessThan(100));
  expect(texts(await outbox.find({ topic: "mail" }, 3))).toEqual([99, 98, 97]);
  await outbox.stop();
});

test.each([
  ["a target that takes nothing", { targetMessages: 5, keptPerTarget: 3 }, 5 + 3],
  ["a target that takes nothing, by its bytes", { targetMessages: 5, keptBytes: 30 }, 5 + 3],
  ["an outbox that is full", { totalBytes: 40, keptPerTarget: 3 }, 4 + 3],
])("what a full queue gave up is bounded too: %s", async (_name, limits, left) => {
  const { outbox, add } = await build(() => delivered, { ...OUTBOX_LIMITS, ...limits });
  for (let index = 0; index < 301; index++) await add({ payload: `text ${String(index).padStart(3, "0")}` });
  // What was added since the last cut may lie there besides.
  expect((await outbox.find({ topic: "mail" }, 999)).length).toBeLessThanOrEqual(left + 100);
  await add({ target: "2", payload: "another" });
  expect(await outbox.find({ topic: "mail", target: "2" }, 9)).toHaveLength(1);
});

test("one owner's hanging targets leave room for everybody else's", async () => {
  const { outbox, sent, add } = await build(({ target }) => (target.startsWith("mallory") ? new Promise(() => undefined) : delivered));
  for (let index = 0; index < 200; index++) await add({ target: `mallory:${index}` });
  await add({ target: "alice:1" });
  await outbox.start();
  await eventually(() => expect(sent.map(({ target }) => target)).toContain("alice:1"));
  await eventually(() => expect(sent.filter(({ target }) => target.startsWith("mallory"))).toHaveLength(8));
  await outbox.stop();
});

test("what waits for a place of its owner's is not looked for until one is free", async () => {
  const hanging: ((outcome: Outcome) => void)[] = [];
  const { outbox, sent, add } = await build(() => new Promise((resolve) => hanging.push(resolve)));
  for (let index = 0; index < 9; index++) await add({ target: `mallory:${index}` });
  const timers = clock.pending;
  await outbox.start();
  await eventually(() => expect(sent).toHaveLength(8));
  // The limits of the attempts under way, and nothing else.
  await eventually(() => expect(clock.pending - timers).toBe(8));
  hanging[0]?.(delivered);
  await eventually(() => expect(sent).toHaveLength(9));
  await outbox.stop();
});

test("a target with too many messages gives up its oldest reminder first", async () => {
  const { outbox, add } = await build(() => delivered, { ...OUTBOX_LIMITS, targetMessages: 2 });
  await add({ payload: "incident" });
  await add({ payload: "reminder", kind: "reminder" });
  await add({ payload: "recovery" });
  await add({ payload: "next" });
  expect(texts(await outbox.find({ topic: "mail", states: ["dead"] }, 9))).toEqual(["reminder", "incident"]);
  await outbox.stop();
});

/** A topic whose targets take up to three messages as one. */
async function buildJoined(answer: (messages: readonly Message[]) => Promise<readonly Outcome[]>, heldUntil?: (target: string) => number) {
  const { database } = temporary;
  const batches: unknown[][] = [];
  const outbox = createOutbox({ clock, database, onError: (error) => expect.fail(String(error)) });
  const send = async (messages: readonly Message[]): Promise<readonly Outcome[]> => {
    batches.push(texts(messages));
    return answer(messages);
  };
  outbox.handle({
    name: "mail",
    attemptMs: 10_000,
    ownerOf: () => "",
    retryAfter: () => 30_000,
    send: async (message) => (await send([message]))[0] ?? delivered,
    join: { most: () => 3, send },
    ...(heldUntil === undefined ? {} : { heldUntil }),
  });
  const add = (...messages: Partial<NewMessage>[]): Promise<void> =>
    database.change(async (tx, changes) => {
      for (const message of messages) await outbox.add(tx, changes, { topic: "mail", target: "1", payload: "text", ...message });
    });
  const states = async (): Promise<string[]> => (await outbox.find({ topic: "mail" }, 100)).map(({ state }) => state).toReversed();
  return { outbox, batches, add, states };
}

test("what is due goes out as one, so many at most, one of a lane at a time; each comes to its own end", async () => {
  const { outbox, batches, add, states } = await buildJoined(async (messages) =>
    messages.map(({ payload }) => (payload === "b" ? { kind: "dead", reason: "no" } : delivered)),
  );
  await add({ payload: "a", lane: "x" }, { payload: "b" }, { payload: "c", lane: "x" }, { payload: "d" }, { payload: "e" });
  await outbox.start();
  await eventually(async () => expect((await outbox.stats()).waiting).toBe(0));
  expect(batches).toEqual([["a", "b", "d"], ["e"], ["c"]]);
  expect(await states()).toEqual(["sent", "dead", "sent", "sent", "sent"]);
  await outbox.stop();
});

test("of a joined attempt that was cut off nobody knows whether any of it arrived; after the start all are sent again", async () => {
  const hangs = new Promise<readonly Outcome[]>(() => undefined);
  const first = await buildJoined(() => hangs);
  await first.add({ payload: "a" }, { payload: "b" });
  await first.outbox.start();
  await eventually(() => expect(first.batches).toHaveLength(1));
  await first.outbox.stop();
  expect(await first.states()).toEqual(["sending", "sending"]);
  const second = await buildJoined(async (messages) => messages.map(() => delivered));
  await second.outbox.start();
  await eventually(async () => expect(await second.states()).toEqual(["sent", "sent"]));
  expect(second.batches).toEqual([["a", "b"]]);
  expect((await second.outbox.find({ topic: "mail" }, 2)).map(({ unsure }) => unsure)).toEqual([true, true]);
  await second.outbox.stop();
});

test("a joined attempt that says too little of its messages leaves the others unsure", async () => {
  const { outbox, add, states } = await buildJoined(async () => [delivered]);
  await add({ payload: "a" }, { payload: "b" });
  await outbox.start();
  await eventually(async () => expect(await states()).toEqual(["sent", "waiting"]));
  expect((await outbox.find({ topic: "mail" }, 1))[0]).toMatchObject({ unsure: true, lastError: "no outcome" });
  await outbox.stop();
});

test("a target that is held gets nothing until then, and that is no attempt", async () => {
  let until = clock.now() + 60_000;
  const { outbox, batches, add } = await buildJoined(
    async (messages) => messages.map(() => delivered),
    () => until,
  );
  await outbox.start();
  await add({ payload: "a" }, { payload: "b" });
  await eventually(async () => expect((await outbox.find({ topic: "mail" }, 1))[0]?.nextTryAt).toBe(until));
  clock.advance(59_000);
  await outbox.stats();
  expect(batches).toEqual([]);
  until = 0;
  clock.advance(1_000);
  await eventually(() => expect(batches).toEqual([["a", "b"]]));
  await eventually(async () => expect((await outbox.find({ topic: "mail" }, 2)).map(({ attempts }) => attempts)).toEqual([1, 1]));
  await outbox.stop();
});

test("a database that cannot be written is asked again after a pause, not at once and for ever", async () => {
  const { database } = temporary;
  let refused = 0;
  let isRefusing = false;
  const change: Database["change"] = async (verb) => {
    if (!isRefusing) return database.change(verb);
    refused++;
    throw new Error("the disk is full");
  };
  const sent: Message[] = [];
  const outbox = createOutbox({ clock, database: { kysely: database.kysely, change }, onError: () => undefined });
  outbox.handle({
    name: "mail",
    attemptMs: 10_000,
    ownerOf: () => "",
    retryAfter: () => 1000,
    send: async (message) => {
      sent.push(message);
      return delivered;
    },
  });
  await outbox.start();
  await change(async (tx, changes) => {
    changes.afterwards(() => (isRefusing = true));
    await outbox.add(tx, changes, { topic: "mail", target: "1", payload: "text" });
  });
  await eventually(() => expect(refused).toBe(1));
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  expect(refused).toBe(1);
  isRefusing = false;
  await clock.advanceAsync(1000);
  await eventually(() => expect(texts(sent)).toEqual(["text"]));
  await outbox.stop();
});
