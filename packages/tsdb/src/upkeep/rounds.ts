import type { Clock, SerialQueue } from "@windfire/kit";
import type { Catalog } from "../files/catalog.ts";
import type { Disk } from "../files/disk.ts";
import type { Dropped } from "../files/dropped.ts";
import type { ExpiryLimits } from "./expiry.ts";
import { pointFamilies, type FamilyPlan } from "../families.ts";
import type { Gate } from "../gate.ts";
import type { Group } from "../head.ts";
import type { Journal } from "../files/journal.ts";
import { createLogRotation } from "./log-rotation.ts";
import { isSealDue, rowsPerChunk, sealGroups } from "./sealing.ts";
import { createTidying } from "./tidying.ts";
import type { Upkeep } from "./upkeep.ts";

const WRITE_EVERY_MS = 3_000;
const SWEEP_EVERY_MS = 10_000;
const TIDY_EVERY_MS = 600_000;

/** What happens to the store as time goes by. */
export interface Rounds {
  /** After the recovery, before the first sample. */
  begin(): Promise<void>;
  maintain(): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

interface Deps {
  readonly disk: Disk;
  readonly folder: string;
  readonly clock: Pick<Clock, "now" | "monotonic">;
  readonly limits: ExpiryLimits;
  readonly plans: readonly FamilyPlan[];
  readonly groups: readonly ReadonlyMap<number, Group>[];
  readonly catalog: Catalog;
  readonly dropped: Dropped;
  readonly journal: Journal;
  readonly gate: Gate;
  readonly upkeep: Upkeep;
  readonly closeSlot: (plan: FamilyPlan, group: Group) => void;
  readonly slotMs: number;
  readonly headBytes: number;
  readonly last: () => number;
  /** Logs are written in one lane, sealed files in the other, so that long work never delays the logs. */
  readonly lanes: { readonly journal: SerialQueue; readonly upkeep: SerialQueue };
  readonly breathe: () => Promise<void>;
}

export function createRounds(deps: Deps): Rounds {
  const { clock, catalog, dropped, journal, gate, upkeep, lanes, plans } = deps;
  const started = clock.monotonic();
  const done = { write: started, sweep: started, open: started, rows: started, tidy: started - TIDY_EVERY_MS };
  let closing = false;
  const tidy = createTidying(deps);

  const everyGroup = function* (): Generator<Group> {
    for (const table of deps.groups) yield* table.values();
  };
  const due = (what: keyof typeof done, every: number): boolean => {
    const now = clock.monotonic();
    if (now - done[what] < every) return false;
    done[what] = now;
    return true;
  };
  const rotateLogs = createLogRotation({ journal, last: deps.last, due });
  const closeSlot = (group: Group): void => deps.closeSlot(plans[group.family] as FamilyPlan, group);
  const breathe = async (): Promise<void> => {
    await deps.breathe();
    if (closing) throw new Closing();
  };
  const write = async (): Promise<void> => {
    await journal.write();
    await dropped.save();
  };
  /** Failures of the file system stop writing; the next look at the disk tries again. */
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Closing)) gate.fail(error);
    }
  };
  const seal = async (): Promise<void> => {
    const rows = rowsPerChunk(everyGroup(), deps.headBytes);
    const ready = everyGroup()
      .filter((group) => isSealDue(group, rows, clock.monotonic()))
      .toArray();
    await sealGroups(ready, { plans, catalog, slotMs: deps.slotMs, breathe });
    await lanes.journal.run(() => rotateLogs(everyGroup));
  };
  const sweep = async (): Promise<void> => {
    await lanes.journal.run(() => gate.check(write));
    for (const group of everyGroup()) if (isStale(group, deps.slotMs, clock.now())) closeSlot(group);
    if (!gate.writing) return;
    await seal();
    if (due("tidy", TIDY_EVERY_MS)) await tidy(clock.now());
  };
  const flush = (): Promise<void> => lanes.journal.run(write);

  return {
    begin: () =>
      guarded(async () => {
        await upkeep.finishRolling();
        for (const day of foreignDays(catalog, plans)) await upkeep.compactDay(day);
        await journal.rotateOpen(everyGroup());
      }),
    maintain: async () => {
      if (closing) return;
      const work: Promise<void>[] = [];
      if (gate.writing && due("write", WRITE_EVERY_MS)) work.push(lanes.journal.run(() => guarded(write)));
      if (lanes.upkeep.pending === 0 && due("sweep", SWEEP_EVERY_MS)) work.push(lanes.upkeep.run(() => guarded(sweep)));
      await Promise.all(work);
    },
    flush,
    close: async () => {
      if (closing) return;
      closing = true;
      await lanes.upkeep.idle();
      gate.close();
      try {
        await flush();
      } finally {
        journal.close();
        catalog.close();
      }
    },
  };
}

/** Ends long work early when the store is being closed. */
class Closing extends Error {}

/** Days whose chunks were written for other columns than there are now. */
function foreignDays(catalog: Catalog, plans: readonly FamilyPlan[]): number[] {
  const families = JSON.stringify(pointFamilies(plans));
  return catalog.chunkDays().filter((day) => JSON.stringify(catalog.chunks(day)?.families) !== families);
}

/** Whether the slot being filled is over, and the next one too. */
function isStale({ slot }: Group, slotMs: number, now: number): boolean {
  return slot >= 0 && (slot + 2) * slotMs <= now;
}
