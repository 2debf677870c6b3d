import type { Clock } from "@windfire/kit";
import type { KyselyPlugin } from "kysely";
import { DatabaseError } from "#platform/database";
import type { Database } from "#platform/database";
import { SILENCE_MS } from "#platform/database/testing";
import { GoneError } from "./life.ts";
import type { Life } from "./life.ts";

/** The way of one process to the database that it shares, with what befalls it there. */
export interface Line {
  readonly database: Database;
  /** Nothing gets through. */
  isCut: boolean;
  /** One call is refused, after so many. */
  refuseAfter(calls: number, refused: () => void): void;
  /** Something befalls the process in the middle of what it does, after so many calls. */
  strikeAfter(calls: number, strike: () => void): void;
  /** The same after so many writes that it made as the judge: what it was to do next is not done, or later. */
  strikeAfterJudged(writes: number, strike: () => void): void;
  /** One was made. */
  readonly judged: () => Promise<void>;
  /** Nothing of that comes any more. */
  spare(): void;
}

interface Countdown {
  left: number;
  readonly strike: () => void;
}

/** See {@link Line}. @param clock that of the world: the server waits for a process that stands still */
export function createLine({ database, life, clock }: { database: Database; life: Life; clock: Pick<Clock, "setTimeout"> }): Line {
  const counts: Countdown[] = [];
  const writes: Countdown[] = [];
  let isCut = false;
  const count = (calls: number, strike: () => void): void => void counts.push({ left: calls, strike });
  /** Goes out. */
  const ask = (): void => {
    countDown(counts);
    if (life.isOver) throw new GoneError();
    if (isCut) throw new DatabaseError("io", "the database does not answer");
  };
  const heard: KyselyPlugin = {
    transformQuery: ({ node }) => {
      ask();
      return node;
    },
    transformResult: async ({ result }) => {
      await life.running();
      return result;
    },
  };
  /** In a transaction the others wait, and the server does not wait for ever. */
  const inside: KyselyPlugin = {
    transformQuery: heard.transformQuery,
    transformResult: async ({ result }) => {
      if (!life.runs) await Promise.race([life.running(), givenUp(clock)]);
      return result;
    },
  };
  const over = async <T>(work: () => Promise<T>): Promise<T> => {
    await life.running();
    ask();
    const value = await work();
    await life.running();
    // It is committed, and nobody has heard of it.
    ask();
    return value;
  };
  const change: Database["change"] = (verb) => over(() => database.change((tx, changes) => verb(tx.withPlugin(inside), changes)));
  const transaction: Database["transaction"] = (run) => over(() => database.transaction((tx) => run(tx.withPlugin(inside))));
  return {
    // All other members are the database's own.
    database: Object.create(database, {
      change: { value: change },
      transaction: { value: transaction },
      kysely: { value: database.kysely.withPlugin(heard) },
    }) as Database,
    get isCut() {
      return isCut;
    },
    set isCut(cut) {
      isCut = cut;
    },
    refuseAfter: (calls, refused) =>
      count(calls, () => {
        refused();
        throw new DatabaseError("busy", "refused");
      }),
    strikeAfter: count,
    strikeAfterJudged: (after, strike) => void writes.push({ left: after, strike }),
    async judged() {
      countDown(writes);
      await life.running();
    },
    spare() {
      counts.splice(0);
      writes.splice(0);
    },
  };
}

function countDown(counts: Countdown[]): void {
  for (const one of counts.filter((each) => each.left-- <= 0)) {
    counts.splice(counts.indexOf(one), 1);
    one.strike();
  }
}

async function givenUp(clock: Pick<Clock, "setTimeout">): Promise<never> {
  await new Promise<void>((resolve) => void clock.setTimeout(resolve, SILENCE_MS.among));
  throw new DatabaseError("busy", "the transaction was given up");
}
