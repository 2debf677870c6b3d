import { nodeDisk, openStore, planFamilies, SLOT_MS } from "@windfire/tsdb";
import type { FamilyPlan, Store } from "@windfire/tsdb";
import { FAMILIES } from "../columns.ts";
import type { VictoriaAddress } from "../victoria/address.ts";
import { differentRows } from "./compare.ts";
import { folderParts } from "./folder-parts.ts";
import type { FolderSpan } from "./folder-parts.ts";
import { createPlace } from "./place.ts";
import type { Place } from "./place.ts";
import { keptFrom } from "./stretches.ts";

export interface MoveOptions {
  /** Folder of a history that nobody uses. */
  readonly folder: string;
  readonly address: VictoriaAddress;
  /** Tells apart what several installations keep in the same place. */
  readonly installation: string;
  /** Looks at everything and sends nothing. */
  readonly isDryRun: boolean;
  /** Unix milliseconds. */
  readonly now: number;
  /** Hears again and again what was done so far: all of it may take hours. */
  readonly onProgress?: (doing: "sending" | "comparing", done: MovedFamily) => void;
}

/** What became of one family. A row has all figures of a group in half a minute, or in what half minutes were rolled up to. */
export interface MovedFamily {
  readonly name: string;
  readonly groups: number;
  readonly rows: number;
  /** There is a point of their half minute already, which stays as it is. */
  readonly there: number;
  /** Older than what is kept there. */
  readonly tooOld: number;
  readonly sent: number;
  /** Read again and not the same, or not there. */
  readonly different: number;
}

export interface MovedHistory {
  readonly families: readonly MovedFamily[];
  /** Days for which points are kept there; undefined where it does not say. */
  readonly retentionDays: number | undefined;
  /** Parts of files in the folder that could not be read. */
  readonly damaged: number;
}

/** Nothing in the folder is too old or too much for it. */
const UNLIMITED = {
  rawDays: 100_000,
  fiveMinuteDays: 100_000,
  hourDays: 100_000,
  sizeBudgetBytes: Number.MAX_SAFE_INTEGER,
  minFreeBytes: 0,
};

/**
 * Sends what the folder of a history holds to VictoriaMetrics, group by group and a stretch of time at once, so that memory does not grow
 * with it. Then all of it is read again and compared. It may be ended at any time: the next run sends what is not there yet.
 *
 * @throws where the folder or VictoriaMetrics cannot be read or written
 */
export async function moveHistory(options: MoveOptions): Promise<MovedHistory> {
  const { folder, address, installation, now } = options;
  const place = createPlace(address, installation);
  const clock = { now: () => now, monotonic: () => performance.now() };
  const store = await openStore({ folder, families: FAMILIES, limits: UNLIMITED, disk: nodeDisk, clock });
  try {
    const retentionDays = await place.retentionDays();
    const span = { oldest: (await store.stats()).oldest ?? now, pointsFrom: store.pointsFrom(), now };
    const moving = { ...options, store, place, span, kept: keptFrom(now, retentionDays) };
    await place.settle();
    const families: MovedFamily[] = [];
    for (const plan of planFamilies(FAMILIES)) families.push(await moveFamily(moving, plan));
    if (!options.isDryRun) {
      await place.settle();
      for (const [index, plan] of planFamilies(FAMILIES).entries()) {
        families[index] = await comparedFamily(moving, plan, families[index] as MovedFamily);
      }
    }
    return { families, retentionDays, damaged: (await store.stats()).damaged };
  } finally {
    await store.close();
    place.close();
  }
}

interface Moving extends Pick<MoveOptions, "isDryRun" | "onProgress"> {
  readonly store: Store;
  readonly place: Place;
  readonly span: FolderSpan;
  /** From when on points are taken, Unix milliseconds. */
  readonly kept: number;
}

async function moveFamily({ store, place, span, kept, isDryRun, onProgress }: Moving, plan: FamilyPlan): Promise<MovedFamily> {
  const done = { name: plan.family.name, groups: 0, rows: 0, there: 0, tooOld: 0, sent: 0, different: 0 };
  let group: number | undefined;
  for await (const { part, rows } of folderParts(store, plan, span)) {
    if (part.group !== group) done.groups++;
    group = part.group;
    const young = rows.filter(({ slot }) => slot * SLOT_MS >= kept);
    const there = young.length === 0 ? new Set<number>() : await place.slots(part);
    const missing = young.filter(({ slot }) => !there.has(slot));
    if (!isDryRun && missing.length > 0) await place.send(plan, missing);
    done.rows += rows.length;
    done.tooOld += rows.length - young.length;
    done.there += young.length - missing.length;
    done.sent += missing.length;
    onProgress?.("sending", done);
  }
  return done;
}

async function comparedFamily(
  { store, place, span, kept, onProgress }: Moving,
  plan: FamilyPlan,
  moved: MovedFamily,
): Promise<MovedFamily> {
  let different = 0;
  for await (const { part, rows } of folderParts(store, plan, span)) {
    const young = rows.filter(({ slot }) => slot * SLOT_MS >= kept);
    if (young.length > 0) different += differentRows(plan, young, await place.values(part));
    onProgress?.("comparing", { ...moved, different });
  }
  return { ...moved, different };
}
