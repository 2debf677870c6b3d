import type { Clock, Timer } from "@windfire/kit";
import type { Database } from "#platform/database";
import { outboxLeases } from "./leases.ts";
import { SENDING } from "./model.ts";
import type { Topic } from "./model.ts";
import type { Pruning } from "./pruning.ts";
import { createServing } from "./serving.ts";
import { createSetBack } from "./set-back.ts";
import { dueMessages } from "./due.ts";
import { turnsOf } from "./turns.ts";

/** Targets that are looked at to find some whose owners may send. */
const LOOKED_AT = 5_000;
/** After the database failed. */
const PAUSE_MS = 1_000;

export interface RunnerDeps {
  readonly clock: Clock;
  readonly database: Pick<Database, "kysely" | "change">;
  readonly topics: ReadonlyMap<string, Topic>;
  readonly prune: Pruning;
  readonly maySend?: () => boolean;
  /** Looks at least so often. */
  readonly lookEveryMs?: number;
  readonly onError: (error: unknown) => void;
}

function earliest(...moments: readonly (number | undefined)[]): number {
  return Math.min(...moments.map((moment) => moment ?? Number.POSITIVE_INFINITY));
}

/** Sends what waits: targets side by side, the messages of one target one after the other. */
export function createRunner(deps: RunnerDeps) {
  const { clock, database, topics, onError, lookEveryMs = Number.POSITIVE_INFINITY } = deps;
  const setBack = createSetBack({ clock, database });
  const busy = new Map<string, { readonly owner: string; readonly done: Promise<void> }>();
  let timer: Timer | undefined;
  let looking: Promise<void> | undefined;
  let [again, running] = [false, false];
  const { serve, abort } = createServing({ ...deps, isRunning: () => running });

  /** What could not be booked, for a reason other than the database's, is sent again when its time is over. */
  const takeBack = async (): Promise<number | undefined> => {
    const lapse = await outboxLeases.nextLapse(database.kysely, [...busy.keys()]);
    if (lapse === undefined || lapse > clock.now()) return lapse;
    await database.change((tx) => outboxLeases.takeBackLapsed(tx, clock.now(), [...busy.keys()]));
    again = true;
    return undefined;
  };
  const take = async (now: number): Promise<void> => {
    const bounds = { topics: [...topics.keys()], busy: [...busy.keys()], limit: LOOKED_AT };
    const due = await dueMessages.targets(database.kysely, now, bounds);
    for (const { topic, target, owner } of turnsOf(due, { topics, sending: [...busy.values()].map((one) => one.owner) })) {
      const name = `${topic.name} ${target}`;
      const free = (): void => {
        busy.delete(name);
        wake();
      };
      const done = serve(topic, target).then(free, (error: unknown) => {
        onError(error);
        // A database that cannot be written now cannot a moment later either.
        clock.setTimeout(free, PAUSE_MS).unref();
      });
      busy.set(name, { owner, done });
    }
  };
  const look = setBack.before(async (): Promise<void> => {
    let looked = clock.now();
    while (again && running) {
      again = false;
      looked = clock.now();
      await take(looked);
    }
    if (!running || busy.size >= SENDING) return;
    const lapse = await takeBack();
    // What was due and not chosen waits for a place of its owner's, and whoever leaves one wakes this.
    const due = await dueMessages.next(database.kysely, looked, [...busy.keys()]);
    timer?.cancel();
    // Fell due while the database was asked.
    again ||= earliest(lapse, due) <= clock.now();
    const next = earliest(lapse, due, looked + lookEveryMs);
    if (!again && next < Number.POSITIVE_INFINITY) timer = clock.setTimeout(wake, Math.max(1, next - clock.now()));
  });
  const wake = (): void => {
    again = true;
    if (!running || looking !== undefined) return;
    looking = look()
      .catch((error: unknown) => {
        onError(error);
        timer?.cancel();
        timer = clock.setTimeout(wake, PAUSE_MS);
        again = false;
      })
      .finally(() => {
        looking = undefined;
        if (again) wake();
      });
  };

  return {
    wake,
    /** Takes up what an earlier process left: nobody sends it any more. */
    async start(): Promise<void> {
      await database.change(setBack.start);
      running = true;
      wake();
    },
    /** Attempts under way are cut off; what they left is sent after the next start. */
    async stop(): Promise<void> {
      running = false;
      timer?.cancel();
      abort();
      await looking;
      await Promise.all([...busy.values()].map(({ done }) => done));
    },
    get sending() {
      return busy.size;
    },
  };
}
