import { createSerialQueue } from "@windfire/kit";
import { createBlockEncoder } from "./codec/block.ts";
import { SLOT_MS, type StoreOptions } from "./store-types.ts";
import { planFamilies, pointFamilies } from "./families.ts";
import { openCatalog } from "./files/catalog.ts";
import { openDropped } from "./files/dropped.ts";
import { createJournal } from "./files/journal.ts";
import { recover } from "./files/recovery.ts";
import { createGate } from "./gate.ts";
import { createGroupTables } from "./group-tables.ts";
import { createReading } from "./query/reading.ts";
import { createSlots, type RowCount } from "./slots.ts";
import type { StoreStats } from "./stats.ts";
import { bytesHeld, oldestHeld, pointsHeld } from "./upkeep/holdings.ts";
import { createRounds } from "./upkeep/rounds.ts";
import { createUpkeep } from "./upkeep/upkeep.ts";

const HEAD_BYTES = 12 * 2 ** 20;
const KEPT_BYTES = 12 * 2 ** 20;

/** Everything the store is made of, with what was not sealed when it was last in use. */
export function openParts({
  disk,
  folder,
  families,
  clock,
  limits,
  headBytes = HEAD_BYTES,
  keptBytes = KEPT_BYTES,
  breathe = othersTurn,
}: StoreOptions) {
  disk.ensureFolder(folder);
  const plans = planFamilies(families);
  const encoder = createBlockEncoder();
  const rows: RowCount = { last: 0 };
  const last = (): number => rows.last;
  const catalog = openCatalog({ disk, folder, families: pointFamilies(plans), encoder });
  const dropped = openDropped(disk, folder, pointFamilies(plans));
  const gate = createGate({ disk, folder, minFreeBytes: limits.minFreeBytes, now: () => clock.now() });
  const groups = createGroupTables(plans, dropped);
  const shared = { disk, folder, plans, catalog, dropped, breathe, slotMs: SLOT_MS };
  const reading = createReading({ ...shared, keptBytes });
  const upkeep = createUpkeep({ ...shared, reading, encoder, last });
  const recovered = recover({ ...shared, now: clock.monotonic(), group: groups.of });
  rows.last = recovered.last;
  const journal = createJournal({ disk, folder, families: pointFamilies(plans), ...recovered, onFailure: gate.fail });
  const slots = createSlots({ groups, journal, rows, clock });
  const lanes = { journal: createSerialQueue(), upkeep: createSerialQueue() };
  const closeSlot = slots.close;
  const rounds = createRounds({
    ...shared,
    clock,
    limits,
    groups: groups.tables,
    journal,
    gate,
    upkeep,
    closeSlot,
    headBytes,
    last,
    lanes,
  });
  const lost = { stopped: 0, time: 0, notFinite: 0 };
  return { plans, rows, catalog, dropped, gate, journal, groups, reading, recovered, slots, rounds, lost };
}

export function statsOf({ plans, groups, gate, journal, lost, catalog, recovered, reading }: ReturnType<typeof openParts>): StoreStats {
  return {
    state: gate.state,
    reason: gate.reason,
    pausedAt: gate.pausedAt,
    groups: groups.sum(() => 1),
    series: groups.sum(({ family }) => plans[family]?.folds.length ?? 0),
    points: pointsHeld(catalog) + groups.sum(({ rows }) => rows.length * (rows.pool.width - 2)),
    openRows: groups.sum(({ rows }) => rows.length),
    bytes: bytesHeld(catalog, journal),
    freeBytes: gate.freeBytes,
    oldest: oldestHeld(catalog),
    dropped: { ...lost },
    damaged: catalog.damaged + recovered.damaged + reading.damaged,
  };
}

function othersTurn(): Promise<void> {
  return new Promise<void>((resolve) => void setImmediate(resolve));
}
