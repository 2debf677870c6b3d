import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import type { Outcome } from "./model.ts";
import { createOutbox } from "./outbox.ts";
import type { Outbox } from "./outbox.ts";

const HOUR_MS = 3_600_000;

let temporary: TemporaryDatabase;
let clock: ReturnType<typeof createFakeClock>;
let sent: unknown[];
let answer: Outcome;

beforeEach(async () => {
  clock = createFakeClock();
  sent = [];
  answer = { kind: "delivered" };
  temporary = await openTemporaryDatabase({ clock });
});
afterEach(async () => temporary.remove());

function build(now = clock.now, looking: { readonly lookEveryMs?: number } = {}): Outbox {
  const outbox = createOutbox({
    clock: { ...clock, now },
    ...looking,
    database: temporary.database,
    onError: (error) => expect.fail(String(error)),
  });
  outbox.handle({
    name: "mail",
    attemptMs: 10_000,
    ownerOf: () => "1",
    retryAfter: () => 30_000,
    send: async ({ payload }) => {
      sent.push(payload);
      return answer;
    },
  });
  return outbox;
}

const add = (outbox: Outbox, payload: string, notBefore?: number): Promise<unknown> =>
  temporary.database.change((tx, changes) =>
    outbox.add(tx, changes, { topic: "mail", target: "1", lane: "one", payload, ...(notBefore === undefined ? {} : { notBefore }) }),
  );

test("a clock that is set back puts off neither what is tried again nor what waits behind it", async () => {
  const outbox = build();
  await outbox.start();
  answer = { kind: "retry", reason: "refused" };
  await add(outbox, "raise");
  await vi.waitFor(async () => expect(await outbox.find({ topic: "mail" }, 1)).toMatchObject([{ attempts: 1 }]));
  answer = { kind: "delivered" };
  clock.jump(-8 * HOUR_MS);
  await add(outbox, "clear");
  await clock.advanceAsync(30_000);
  await vi.waitFor(() => expect(sent).toEqual(["raise", "raise", "clear"]));
  await outbox.stop();
});

test("nor does it put off what gathers, and what is gathered later does not wait for that", async () => {
  const outbox = build();
  await outbox.start();
  await add(outbox, "gathered", clock.now() + 10_000);
  await clock.advanceAsync(1_000);
  clock.jump(-8 * HOUR_MS);
  await clock.advanceAsync(9_000);
  await vi.waitFor(() => expect(sent).toEqual(["gathered"]));
  await outbox.stop();
});

test("what a process with a clock that was ahead left behind goes out after the start", async () => {
  clock.jump(8 * HOUR_MS);
  const before = build();
  await before.start();
  answer = { kind: "retry", reason: "refused" };
  await add(before, "left behind");
  await vi.waitFor(async () => expect(await before.find({ topic: "mail" }, 1)).toMatchObject([{ attempts: 1 }]));
  await before.stop();
  clock.jump(-8 * HOUR_MS);
  answer = { kind: "delivered" };
  const outbox = build();
  await outbox.start();
  await clock.advanceAsync(30_000);
  await vi.waitFor(() => expect(sent).toEqual(["left behind", "left behind"]));
  await outbox.stop();
});

test("what another process adds by a clock that is hours ahead goes out within a minute, what it gathers as much later as that says", async () => {
  const outbox = build(clock.now, { lookEveryMs: 1_000 });
  await outbox.start();
  const ahead = (): number => clock.now() + 8 * HOUR_MS;
  const elsewhere = build(ahead);
  await add(elsewhere, "told");
  await add(elsewhere, "gathered", ahead() + 90_000);
  const sentAfter = async (ms: number, wanted: readonly string[]): Promise<void> => {
    for (let past = 0; past < ms; past += 1_000) await clock.advanceAsync(1_000);
    await vi.waitFor(() => expect(sent).toEqual(wanted));
  };
  await sentAfter(59_000, []);
  await sentAfter(3_000, ["told"]);
  await sentAfter(86_000, ["told"]);
  await sentAfter(6_000, ["told", "gathered"]);
  await outbox.stop();
});
