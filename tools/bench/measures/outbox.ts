import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "@windfire/kit";
import type { Clock } from "@windfire/kit";
import type { Figure } from "../figures.ts";

const MESSAGES = 10_000;
const TARGETS = 50;
const AT_ONCE = 100;
const LOOK_MS = 5;

const SOURCES = new URL("../../../apps/dashboard/src/platform/", import.meta.url);

/** What is used of the dashboard's own database and outbox: no service takes ten thousand messages from a measurement. */
interface Database {
  change(verb: (tx: object, changes: object) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}
interface Outbox {
  handle(topic: object): void;
  add(tx: object, changes: object, message: object): Promise<number>;
  start(): Promise<void>;
  stop(): Promise<void>;
}
interface Parts {
  openDatabase(options: object): Promise<Database>;
  createOutbox(deps: { readonly clock: Clock; readonly database: Database; readonly onError: (error: unknown) => void }): Outbox;
}

/** Ten thousand messages that wait, and their delivery to a receiver that takes each at once. */
export async function measureOutbox(): Promise<Figure[]> {
  const { openDatabase } = (await import(new URL("database/index.ts", SOURCES).href)) as Pick<Parts, "openDatabase">;
  const { createOutbox } = (await import(new URL("outbox/index.ts", SOURCES).href)) as Pick<Parts, "createOutbox">;
  const folder = await mkdtemp(join(tmpdir(), "windfire-bench-outbox-"));
  const log = { info: () => undefined, warn: () => undefined };
  const database = await openDatabase({ path: join(folder, "sqlite.db"), clock: systemClock, log, serviceHistories: true });
  const outbox = createOutbox({ clock: systemClock, database, onError: (error) => console.error(error) });
  let sent = 0;
  outbox.handle({
    name: "bench",
    attemptMs: 10_000,
    ownerOf: () => "1",
    retryAfter: () => 1_000,
    send: async () => {
      sent++;
      return { kind: "delivered" };
    },
  });
  try {
    const added = await timed(() => fill(database, outbox));
    const delivered = await timed(async () => {
      await outbox.start();
      while (sent < MESSAGES) await pause(LOOK_MS);
    });
    const measure = `${MESSAGES} messages of ${TARGETS} targets`;
    return [...figuresOf(measure, "written", added), ...figuresOf(measure, "delivered", delivered)];
  } finally {
    await outbox.stop();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(database: Database, outbox: Outbox): Promise<void> {
  for (let from = 0; from < MESSAGES; from += AT_ONCE) {
    await database.change(async (tx, changes) => {
      for (let index = from; index < from + AT_ONCE; index++) {
        const target = String(index % TARGETS);
        const payload = { text: `[Incident] server ${index} (198.****.7): CPU`, groupId: 1 };
        await outbox.add(tx, changes, {
          topic: "bench",
          target,
          lane: `${target} ${index}`,
          event: `incident ${index}`,
          kind: "incident",
          payload,
        });
      }
    });
  }
}

interface Spent {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

async function timed(work: () => Promise<void>): Promise<Spent> {
  const before = process.cpuUsage();
  const began = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - began) / 1000, cpuSeconds: (user + system) / 1e6 };
}

function figuresOf(measure: string, what: string, { seconds, cpuSeconds }: Spent): Figure[] {
  return [
    { measure, name: `${what} a second`, value: MESSAGES / seconds, unit: "/s" },
    { measure, name: `CPU of one ${what}`, value: (1e6 * cpuSeconds) / MESSAGES, unit: "µs" },
  ];
}
