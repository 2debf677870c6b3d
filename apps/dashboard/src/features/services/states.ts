import { createSerialQueue } from "@windfire/kit";
import type { Clock } from "@windfire/kit";
import type { Changes, Queries } from "#platform/database";
import type { Seat } from "#platform/leases";
import type { Job, Scheduler } from "#platform/scheduler";
import type { ProbeState } from "./engine.ts";
import { createStateChanges } from "./state-changes.ts";
import type { StoredVantage } from "./vantages.ts";
import type { StoredStep } from "./window.ts";

/** What is known of a service between two results. */
export interface KnownState {
  readonly state: ProbeState;
  readonly window: readonly StoredStep[];
  readonly vantages: readonly StoredVantage[];
}

/** Windows are kept this often: a crash costs no more of them. */
const KEEP_EVERY_MS = 30_000;
/** Services written in one transaction. */
const BATCH = 100;

export interface ProbeStatesDeps {
  readonly clock: Pick<Clock, "setTimeout">;
  readonly database: Seat["database"];
  readonly scheduler: Pick<Scheduler, "every">;
  readonly isKnown: (serviceId: number) => boolean;
  readonly onError: (error: unknown) => void;
}

/** Keeps what is known of services over restarts (table `wf_service_states`): nobody is told again what was told, and nothing is forgotten. */
export function createProbeStates({ clock, database, scheduler, isKnown, onError }: ProbeStatesDeps) {
  const lane = createSerialQueue();
  const stateChanges = createStateChanges({ clock, database, lane, onError });
  const waiting = new Map<number, () => KnownState>();

  const write = async (tx: Queries, serviceId: number, { state, window, vantages }: KnownState): Promise<void> => {
    const columns = { state: JSON.stringify({ ...state, vantages }), steps: JSON.stringify(window) };
    await tx
      .insertInto("wf_service_states")
      .values({ service_id: serviceId, ...columns })
      .onConflict((conflict) => conflict.column("service_id").doUpdateSet(columns))
      .execute();
  };
  const keep = async (): Promise<void> => {
    const all = [...waiting].filter(([id]) => !stateChanges.isLost(id));
    waiting.clear();
    try {
      while (all.length > 0) {
        await database.transaction(async (tx) => {
          for (const [id, known] of all.slice(0, BATCH)) if (isKnown(id)) await write(tx, id, known());
        });
        all.splice(0, BATCH);
      }
    } catch (error) {
      for (const [id, known] of all) if (!waiting.has(id)) waiting.set(id, known);
      onError(error);
    }
  };
  const schedule = (): Job => scheduler.every(KEEP_EVERY_MS, "states of services", "judge", () => lane.run(keep));
  let job: Job | undefined = schedule();
  return {
    async load(): Promise<Map<number, KnownState>> {
      const rows = await database.kysely.selectFrom("wf_service_states").selectAll().execute();
      // Both texts were written here.
      return new Map(
        rows.map((row) => {
          const { vantages = [], ...state } = JSON.parse(row.state) as ProbeState & Partial<Pick<KnownState, "vantages">>;
          return [row.service_id, { state, vantages, window: JSON.parse(row.steps) as StoredStep[] }];
        }),
      );
    },
    /** What failed is tried again from now on; what waits is of a time in which another process judged. */
    start(): void {
      waiting.clear();
      stateChanges.start();
      job ??= schedule();
    },
    /** Something is to be kept before long. */
    touch: (serviceId: number, known: () => KnownState): void => void waiting.set(serviceId, known),
    /** A change of state and what follows from it, in one transaction, in the order of the calls; tried again while the database fails. */
    change(
      serviceId: number,
      known: KnownState,
      { follow, startsTasks }: { readonly follow: (tx: Queries, changes: Changes) => Promise<void>; readonly startsTasks: boolean },
    ): void {
      // What was to be kept is older.
      waiting.delete(serviceId);
      const both = async (tx: Queries, changes: Changes): Promise<void> => {
        if (!isKnown(serviceId)) return;
        await write(tx, serviceId, known);
        await follow(tx, changes);
      };
      stateChanges.add(serviceId, both, startsTasks);
    },
    async delete(tx: Queries, serviceIds: readonly number[]): Promise<void> {
      await tx.deleteFrom("wf_service_states").where("service_id", "in", serviceIds).execute();
    },
    forget(serviceIds: readonly number[]): void {
      for (const id of serviceIds) waiting.delete(id);
    },
    async stop(): Promise<void> {
      job?.cancel();
      job = undefined;
      stateChanges.stop();
      await lane.run(keep);
    },
  };
}

export type ProbeStates = ReturnType<typeof createProbeStates>;
