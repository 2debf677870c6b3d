import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import type { Database } from "#platform/database";
import { openTemporaryDatabase } from "#platform/database/testing";
import { contend, settled } from "#platform/leases/testing";
import type { Contender } from "#platform/leases/testing";
import { createOutbox } from "./outbox.ts";

const STEP_MS = 250;
const PAUSE_MS = 30_000;
const PAYLOADS = ["incident", "recovery", "other"];

/** A process at whose n-th call of the database it stops: until it goes on, or for ever. */
function createStop(at: number) {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let calls = 0;
  let state: "runs" | "stands" | "went on" = "runs";
  return {
    get state() {
      return state;
    },
    /** Before and after each call. */
    step(): Promise<unknown> | undefined {
      if (state === "runs" && calls++ === at) state = "stands";
      return state === "stands" ? promise : undefined;
    },
    goOn(): void {
      state = "went on";
      resolve(undefined);
    },
  };
}

type Face = Pick<Database, "kysely" | "change" | "transaction">;

function stoppable(database: Database, step: () => Promise<unknown> | undefined): Face {
  const around = async <T>(call: () => Promise<T>): Promise<T> => {
    await step();
    const value = await call();
    await step();
    return value;
  };
  const kysely = database.kysely.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      await step();
      return result;
    },
  });
  return {
    kysely,
    change: (verb) => around(() => database.change(verb)),
    transaction: (run) => around(() => database.transaction(run)),
  };
}

interface Sent {
  readonly by: string;
  readonly payload: unknown;
  readonly wentOn: boolean;
}

async function startProcess(name: string, database: Face, sent: (payload: unknown) => void): Promise<Contender> {
  const clock = createFakeClock();
  const held: { outbox?: ReturnType<typeof createOutbox> } = {};
  const one = await contend(name, database, {
    clock,
    onStart: () => held.outbox?.start(),
    onStop: () => held.outbox?.stop(),
    carry: (lease) => {
      held.outbox = createOutbox({
        clock,
        database: lease.database,
        maySend: () => lease.maySend,
        lookEveryMs: 1_000,
        onError: () => undefined,
      });
      held.outbox.handle({
        name: "mail",
        attemptMs: 10_000,
        ownerOf: () => "",
        retryAfter: () => 1_000,
        send: async ({ payload }) => {
          sent(payload);
          return { kind: "delivered" };
        },
      });
    },
  });
  return one;
}

/** Two processes; the first stops at a call, and the other is left alone with what it began. @returns undefined when it never came so far */
async function play(at: number, mode: "killed" | "paused"): Promise<readonly Sent[] | undefined> {
  const temporary = await openTemporaryDatabase();
  const { database } = temporary;
  const sent: Sent[] = [];
  const stop = createStop(at);
  const first = await startProcess("a", stoppable(database, stop.step), (payload) =>
    sent.push({ by: "a", payload, wentOn: stop.state === "went on" }),
  );
  const second = await startProcess("b", database, (payload) => sent.push({ by: "b", payload, wentOn: false }));
  const pass = async (ms: number, awake: readonly Contender[]): Promise<void> => {
    for (let left = ms; left > 0; left -= STEP_MS) {
      for (const { clock } of awake) await clock.advanceAsync(STEP_MS);
      await settled(database);
    }
  };
  const adding = createOutbox({ clock: createFakeClock(), database, onError: () => undefined });
  adding.handle({ name: "mail", attemptMs: 1, ownerOf: () => "", retryAfter: () => 1, send: async () => ({ kind: "delivered" }) });
  await database.change(async (tx, changes) => {
    await adding.add(tx, changes, { topic: "mail", target: "1", lane: "rule", payload: "incident" });
    await adding.add(tx, changes, { topic: "mail", target: "1", lane: "rule", payload: "recovery" });
    await adding.add(tx, changes, { topic: "mail", target: "2", payload: "other" });
  });
  for (let beats = 0; beats < 20 && stop.state === "runs"; beats++) await pass(STEP_MS, [first, second]);
  const hasStopped = stop.state === "stands";
  if (hasStopped) await pass(PAUSE_MS, [second]);
  if (mode === "paused") {
    first.sleep(hasStopped ? PAUSE_MS : 0);
    stop.goOn();
    await pass(10_000, [first, second]);
    await first.lease.stop();
  }
  await second.lease.stop();
  await temporary.remove();
  return hasStopped ? sent : undefined;
}

test.each(["killed", "paused"] as const)(
  "a judge that is %s at any step loses no message, repeats each at most once, and sends nothing when it goes on",
  async (mode) => {
    let steps = 0;
    for (; ; steps++) {
      const sent = await play(steps, mode);
      if (sent === undefined) break;
      for (const payload of PAYLOADS) {
        const times = sent.filter((one) => one.payload === payload).length;
        expect([steps, payload, times === 1 || times === 2]).toEqual([steps, payload, true]);
      }
      expect(sent.filter(({ wentOn }) => wentOn)).toEqual([]);
      // What came first in the lane came first.
      const lane = sent.filter(({ payload }) => payload !== "other").map(({ payload }) => payload);
      expect([steps, lane.indexOf("incident") < lane.indexOf("recovery")]).toEqual([steps, true]);
    }
    expect(steps).toBeGreaterThan(20);
  },
  120_000,
);
