import { isScheduled } from "./model.ts";
import type { Cron } from "./model.ts";

/** A schedule that a cron had, "" for none, and since when; Unix milliseconds. */
export interface HeldSchedule {
  readonly since: number;
  readonly schedule: string;
}

/** Part of time in which one schedule held. */
export interface HeldFor {
  readonly schedule: string;
  readonly from: number;
  readonly to: number;
}

type Planned = Pick<Cron, "taskType" | "scheduler">;

/** More changes within the moments in which nobody judges are not looked for. */
const MOST = 8;

function planOf(cron: Planned): string {
  return isScheduled(cron) ? cron.scheduler : "";
}

/** Reads and writes the column, which nobody else does. */
export const heldSchedules = {
  read: (text: string): HeldSchedule[] => JSON.parse(text) as HeldSchedule[],
  write: (held: readonly HeldSchedule[]): string => JSON.stringify(held.slice(-MOST)),
};

/**
 * What to note when a cron is saved; the same list where its schedule is what it was.
 *
 * @param before undefined for a new one
 * @param held as it was noted before: something else where another program wrote the cron
 */
export function holdSchedule(
  held: readonly HeldSchedule[],
  before: (Planned & Pick<Cron, "updatedAt">) | undefined,
  after: Planned,
  at: number,
): readonly HeldSchedule[] {
  const schedule = planOf(after);
  if (before === undefined) return [{ since: at, schedule }];
  const known = isNoted(held, before) ? held : [{ since: editedAt(before), schedule: planOf(before) }];
  return schedule === planOf(before) ? known : [...known, { since: at, schedule }];
}

/** Which schedules a cron had from one moment to another, the earliest first. */
export function schedulesBetween(
  held: readonly HeldSchedule[],
  cron: Planned & Pick<Cron, "updatedAt">,
  from: number,
  to: number,
): HeldFor[] {
  // Nobody knows what it was before another program wrote it.
  const known = isNoted(held, cron) ? held : [{ since: editedAt(cron), schedule: planOf(cron) }];
  return known
    .map(({ schedule, since }, index) => ({
      schedule,
      from: Math.max(from, since),
      to: Math.min(to, known[index + 1]?.since ?? to),
    }))
    .filter((part) => part.schedule !== "" && part.from < part.to);
}

/** `false` where another program wrote the cron. */
export function isNoted(held: readonly HeldSchedule[], cron: Planned): boolean {
  return held.at(-1)?.schedule === planOf(cron);
}

function editedAt({ updatedAt }: Pick<Cron, "updatedAt">): number {
  return Date.parse(updatedAt) || 0;
}
