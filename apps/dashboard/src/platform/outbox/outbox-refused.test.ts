import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DatabaseError } from "#platform/database";
import type { Database } from "#platform/database";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import type { Message, NewMessage } from "./model.ts";
import { createOutbox } from "./outbox.ts";

let temporary: TemporaryDatabase;
const clock = createFakeClock();

beforeEach(async () => {
  temporary = await openTemporaryDatabase({ clock });
});
afterEach(async () => temporary.remove());

/** An outbox whose database refuses to write, with `refusal`, whenever it is set. */
function build() {
  const { database } = temporary;
  const refusing: { refusal: Error | undefined; times: number } = { refusal: undefined, times: 0 };
  const change: Database["change"] = async (verb) => {
    if (refusing.refusal === undefined) return database.change(verb);
    refusing.times++;
    throw refusing.refusal;
  };
  const sent: Message[] = [];
  const onSend: { run: () => void } = { run: () => undefined };
  const outbox = createOutbox({ clock, database: { kysely: database.kysely, change }, onError: () => undefined });
  outbox.handle({
    name: "mail",
    attemptMs: 10_000,
    ownerOf: () => "",
    retryAfter: () => 1000,
    send: async (message) => {
      sent.push(message);
      onSend.run();
      return { kind: "delivered" };
    },
  });
  const add = (...messages: Partial<NewMessage>[]): Promise<void> =>
    database.change(async (tx, changes) => {
      for (const message of messages) await outbox.add(tx, changes, { topic: "mail", target: "1", payload: "text", ...message });
    });
  const texts = (): unknown[] => sent.map(({ payload }) => payload);
  const states = async (): Promise<string[]> => (await outbox.find({ topic: "mail" }, 100)).map(({ state }) => state).toReversed();
  return { outbox, refusing, sent, onSend, add, texts, states };
}
const pair = [
  { payload: "incident", lane: "rule 1" },
  { payload: "recovery", lane: "rule 1" },
];

test("what was delivered while the database could not be written is booked later, sent once, and holds up its lane no longer", async () => {
  const { outbox, refusing, onSend, add, texts, states } = build();
  await add(...pair);
  onSend.run = () => (refusing.refusal = new DatabaseError("busy", "a transaction does not end"));
  await outbox.start();
  await vi.waitFor(() => expect(refusing.times).toBe(1));
  await clock.advanceAsync(300_000);
  expect(refusing.times).toBeGreaterThan(10);
  expect(await states()).toEqual(["sending", "waiting"]);
  onSend.run = () => undefined;
  refusing.refusal = undefined;
  await clock.advanceAsync(30_000);
  await vi.waitFor(async () => expect(await states()).toEqual(["sent", "sent"]));
  expect(texts()).toEqual(["incident", "recovery"]);
  await outbox.stop();
});

test("a stop does not wait for a database that cannot be written", async () => {
  const { outbox, refusing, onSend, add, states } = build();
  await add({});
  onSend.run = () => (refusing.refusal = new DatabaseError("full", "the disk is full"));
  await outbox.start();
  await vi.waitFor(() => expect(refusing.times).toBe(1));
  await outbox.stop();
  expect(await states()).toEqual(["sending"]);
});

test.each([
  ["a fault", new Error("a fault")],
  ["a rule of the table", new DatabaseError("constraint", "NOT NULL constraint failed")],
])("what cannot be booked for its own sake, because of %s, is sent again when its time is over", async (_why, fault) => {
  const { outbox, refusing, sent, onSend, add, texts, states } = build();
  await add(...pair);
  onSend.run = () => (refusing.refusal = fault);
  await outbox.start();
  await vi.waitFor(() => expect(refusing.times).toBe(1));
  refusing.refusal = undefined;
  onSend.run = () => undefined;
  await clock.advanceAsync(30_000);
  expect(texts()).toEqual(["incident"]);
  await clock.advanceAsync(10_000);
  await vi.waitFor(async () => expect(await states()).toEqual(["sent", "sent"]));
  expect(texts()).toEqual(["incident", "incident", "recovery"]);
  expect(sent[1]).toMatchObject({ unsure: true });
  await outbox.stop();
});
