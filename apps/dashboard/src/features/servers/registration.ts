import { AppError, refuse } from "#kernel";
import type { Database } from "#platform/database";
import type { Admit } from "./admission.ts";
import type { ServerDirectory } from "./directory.ts";
import type { LiveServer } from "./live-server.ts";
import { serverKind, serverStore } from "./store.ts";

/** Agents of one transaction: whole fleets may come at once. */
const AT_ONCE = 100;
/** From one transaction to the next, for agents to gather: nine tenths of a registration's work on the database are the transaction's. */
const APART_MS = 10;

export interface RegistrationDeps {
  readonly database: Pick<Database, "change">;
  readonly servers: Pick<ServerDirectory, "get" | "byUuid">;
  readonly admit: Admit;
  readonly pause: (ms: number) => Promise<void>;
}

interface Arrival {
  readonly uuid: string;
  readonly ownerId: number;
  readonly done: PromiseWithResolvers<LiveServer>;
}

/**
 * Gives unknown agents their servers (spec 20 section 3.5): the first one at once, and those that come within ten milliseconds share the
 * next transaction. Calls that come together for one UUID share one row, which belongs to the first.
 */
export function createRegistration(deps: RegistrationDeps) {
  const { database, servers } = deps;
  const arrivals = new Map<string, Arrival>();
  let isRunning = false;

  /** One id or refusal for each. */
  const insert = (batch: readonly Arrival[]): Promise<(number | AppError)[]> =>
    database.change(async (tx, changes) => {
      const stored = await serverStore.withUuids(
        tx,
        batch.map(({ uuid }) => uuid),
      );
      const known = new Map(stored.map(({ uuid, id }) => [uuid, id]));
      // Somebody else's rows, which memory may not hold yet: it does when this change is through.
      changes.put(serverKind.name, ...known.values());
      const counts = new Map<number, number>();
      const outcomes: (number | AppError)[] = [];
      for (const arrival of batch) {
        const outcome = known.get(arrival.uuid) ?? deps.admit(tx, changes, arrival, counts);
        outcomes.push(await Promise.resolve(outcome).catch(refusalOf));
      }
      return outcomes;
    });
  const settle = async (batch: readonly Arrival[]): Promise<void> => {
    const outcomes = await insert(batch).catch((error: unknown) => batch.map(() => error));
    for (const [index, { uuid, done }] of batch.entries()) {
      arrivals.delete(uuid);
      const outcome = outcomes[index];
      const server = typeof outcome === "number" ? servers.get(outcome) : undefined;
      if (server) done.resolve(server);
      // A number without a server: it was deleted at once, or memory is far behind.
      else done.reject(typeof outcome === "number" ? refuse("server id %d does not exist", outcome) : outcome);
    }
  };
  const run = async (): Promise<void> => {
    if (isRunning) return;
    isRunning = true;
    while (arrivals.size > 0) {
      await settle([...arrivals.values()].slice(0, AT_ONCE));
      await deps.pause(APART_MS);
    }
    isRunning = false;
  };

  return async (uuid: string, ownerId: number): Promise<LiveServer> => {
    const known = servers.byUuid(uuid) ?? arrivals.get(uuid)?.done.promise;
    if (known) return known;
    const done = Promise.withResolvers<LiveServer>();
    arrivals.set(uuid, { uuid, ownerId, done });
    void run();
    return done.promise;
  };
}

/** A refusal of one agent does not undo the others; anything else does. */
function refusalOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  throw error;
}
