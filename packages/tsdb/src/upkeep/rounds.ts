import type { Clock, SerialQueue } from "@windfire/kit";
import { DAY_MS, ROLL_LEVELS, type Catalog } from "../files/catalog.ts";
import type { Disk } from "../files/disk.ts";
import type { Dropped } from "../files/dropped.ts";
import { nextExpired, nextOverBudget, type Expiry, type ExpiryLimits } from "./expiry.ts";
import { pointFamilies, type FamilyPlan } from "../families.ts";
import type { Gate } from "../gate.ts";
import type { Group } from "../head.ts";
import type { Journal } from "../files/journal.ts";
import { isSealDue, rowsPerChunk, sealGroups } from "./sealing.ts";
import type { StoreStats } from "../stats.ts";
import type { Upkeep } from "./upkeep.ts";

const WRITE_EVERY_MS = 3_000;
const SWEEP_EVERY_MS = 10_000;
const ROTATE_OPEN_EVERY_MS = 60_000;
const ROTATE_ROWS_EVERY_MS = 600_000;
const ROTATE_ROWS_AT_BYTES = 16 * 2 ** 20;
const TIDY_EVERY_MS = 600_000;
/** Chunks of a day are gathered this long after its end, when the last of them are there. */
const COMPACT_AFTER_MS = 4 * 3_600_000;
/** Files that one round of tidying may remove or roll up. */
const EXPIRE_AT_ONCE = 8;

/** What happens to the store as time goes by. */
export interface Rounds {
  /** After the recovery, before the first sample. */
  begin(): Promise<void>;
  maintain(): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
  bytes(): StoreStats["bytes"];
  oldest(): number | undefined;
  /** Values of sealed points. */
  points(): number;
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

  const everyGroup = function* (): Generator<Group> {
    for (const table of deps.groups) yield* table.values();
  };
  const due = (what: keyof typeof done, every: number): boolean => {
    const now = clock.monotonic();
    if (now - done[what] < every) return false;
    done[what] = now;
    return true;
  };
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
  const closeStaleSlots = (): void => {
    const now = clock.now();
    for (const group of everyGroup()) {
      const plan = plans[group.family];
      if (plan !== undefined && group.slot >= 0 && (group.slot + 2) * deps.slotMs <= now) deps.closeSlot(plan, group);
    }
  };
  const seal = async (): Promise<void> => {
    const rows = rowsPerChunk(everyGroup(), deps.headBytes);
    const ready = everyGroup()
      .filter((group) => isSealDue(group, rows, clock.monotonic()))
      .toArray();
    await sealGroups(ready, { plans, catalog, slotMs: deps.slotMs, breathe });
    await lanes.journal.run(rotateLogs);
  };
  const rotateLogs = async (): Promise<void> => {
    if (journal.rowsSize > ROTATE_ROWS_AT_BYTES || due("rows", ROTATE_ROWS_EVERY_MS)) await journal.rotateRows(deps.last());
    if (due("open", ROTATE_OPEN_EVERY_MS)) await journal.rotateOpen(everyGroup());
    let unsealed = Number.POSITIVE_INFINITY;
    for (const group of everyGroup()) if (group.oldest !== 0) unsealed = Math.min(unsealed, group.oldest);
    for (const log of journal.closed.filter(({ last }) => last < unsealed)) journal.removeClosed(log);
  };
  const carryOut = async (expiry: Expiry): Promise<void> => {
    if (expiry.kind === "roll") await upkeep.rollDay(expiry.day);
    else catalog.remove(expiry.segment);
  };
  const tidy = async (): Promise<void> => {
    const now = clock.now();
    catalog.discard([]);
    // First, so that nothing is added to a day whose points lie in a roll-up already.
    await upkeep.finishRolling();
    for (const day of catalog.chunkDays()) {
      if (now >= (day + 1) * DAY_MS + COMPACT_AFTER_MS) await upkeep.compactDay(day);
    }
    await upkeep.finishRolling();
    await upkeep.halve();
    for (let count = 0; count < EXPIRE_AT_ONCE; count++) {
      const expiry = nextExpired(catalog, deps.limits, Math.floor(now / DAY_MS)) ?? nextOverBudget(catalog, deps.limits, journal.bytes);
      if (expiry === undefined) break;
      await carryOut(expiry);
    }
    await upkeep.gather();
    dropped.prune((family, key, number) => number > journal.removedThrough || isStored(catalog, plans[family], key, number));
  };
  const sweep = async (): Promise<void> => {
    await lanes.journal.run(() => gate.check(write));
    closeStaleSlots();
    if (!gate.writing) return;
    await seal();
    if (due("tidy", TIDY_EVERY_MS)) await tidy();
  };
  const flush = (): Promise<void> => lanes.journal.run(write);

  return {
    begin: () =>
      guarded(async () => {
        await upkeep.finishRolling();
        const families = JSON.stringify(pointFamilies(plans));
        for (const day of catalog.chunkDays()) {
          if (JSON.stringify(catalog.chunks(day)?.families) !== families) await upkeep.compactDay(day);
        }
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
    bytes: () => {
      const { chunks, raw, half, five, hour } = catalog.bytes();
      return { logs: journal.bytes, chunks, raw, halfHours: half, fiveMinutes: five, hours: hour };
    },
    points: () => {
      const chunks = catalog.chunkDays().reduce((sum, day) => sum + (catalog.chunks(day)?.points ?? 0), 0);
      return catalog.rawDays().reduce((sum, day) => sum + (catalog.raw(day)?.values ?? 0), chunks);
    },
    oldest: () => {
      const days = [
        ...catalog.chunkDays(),
        ...catalog.rawDays(),
        ...ROLL_LEVELS.flatMap((level) => catalog.rolledSegments(level).map(({ day }) => day)),
      ];
      return days.length === 0 ? undefined : Math.min(...days) * DAY_MS;
    },
  };
}

/** Ends long work early when the store is being closed. */
class Closing extends Error {}

function isStored(catalog: Catalog, plan: FamilyPlan | undefined, key: number, number: number): boolean {
  if (plan === undefined) return false;
  const inChunks = catalog.chunkDays().some((day) => catalog.chunks(day)?.has(plan.index, key) === true);
  return (
    inChunks || catalog.segments().some((segment) => (segment.find(segment.family(plan.family.name), key)?.number ?? number + 1) <= number)
  );
}
