import { SLOT_MS, type Store, type StoreOptions } from "./store-types.ts";
import type { FamilyPlan } from "./families.ts";
import { DAY_MS } from "./files/segment-kinds.ts";
import { clearGroup } from "./head.ts";
import { newestInMemory, newestSealed } from "./latest.ts";
import { openParts, statsOf } from "./parts.ts";
import { wantColumns } from "./query/question.ts";
import { rolledUpTo } from "./upkeep/holdings.ts";

const LATEST_TIME = 2 ** 31 * SLOT_MS;
const LARGEST_KEY = Number.MAX_SAFE_INTEGER;

/** Opens the store in a folder, which is created where missing. Only one store may use a folder at a time. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { clock, limits } = options;
  const parts = openParts(options);
  const { plans, groups, slots, gate, reading, rounds, lost } = parts;
  await rounds.begin();
  const byName = new Map(plans.map((plan) => [plan.family.name, plan]));
  const planOf = (name: string): FamilyPlan => {
    const plan = byName.get(name);
    if (plan === undefined) throw new RangeError(`family ${name} is not stored here`);
    return plan;
  };

  return {
    append: (family, key, at, values, offset = 0) => {
      const plan = planOf(family);
      if (!Number.isInteger(key) || key < 0 || key > LARGEST_KEY) throw new RangeError(`${key} is no key of a group`);
      if (!gate.writing) lost.stopped++;
      else if (!(at >= Math.max(0, clock.now() - limits.rawDays * DAY_MS) && at < LATEST_TIME)) lost.time++;
      else if (!anyFinite(values, offset, plan.folds.length)) lost.notFinite++;
      else {
        slots.take(plan, key, Math.floor(at / SLOT_MS), values, offset);
        return true;
      }
      return false;
    },
    query: async (query) => {
      const plan = planOf(query.family);
      if (!(query.step > 0) || query.step % SLOT_MS !== 0) throw new RangeError(`a step must be a multiple of ${SLOT_MS} ms`);
      const columns = wantColumns(plan, query.columns);
      const group = groups.get(plan.index, query.group);
      return reading.answer({ plan, key: query.group, group, columns, from: Math.max(0, query.from), to: query.to, step: query.step });
    },
    latest: async (family, key) => {
      const plan = planOf(family);
      const group = groups.get(plan.index, key);
      return group && (newestInMemory(group, SLOT_MS) ?? newestSealed({ ...parts, slotMs: SLOT_MS }, plan, key));
    },
    pointsFrom: () => rolledUpTo(parts.catalog),
    groups: async (family) => groups.keys(planOf(family).index),
    has: async (family, key) => groups.get(planOf(family).index, key) !== undefined,
    drop: async (family, key) => {
      const plan = planOf(family);
      const group = groups.get(plan.index, key);
      if (group === undefined) return;
      clearGroup(group);
      parts.dropped.add(plan.index, key, ++parts.rows.last);
      groups.remove(plan.index, key);
    },
    stats: async () => statsOf(parts),
    maintain: rounds.maintain,
    flush: rounds.flush,
    close: rounds.close,
  };
}

function anyFinite(values: ArrayLike<number>, offset: number, length: number): boolean {
  for (let index = offset; index < offset + length; index++) if (Number.isFinite(values[index])) return true;
  return false;
}
