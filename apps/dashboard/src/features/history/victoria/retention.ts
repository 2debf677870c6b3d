import type { VictoriaClient } from "./client.ts";

const CALL_MS = 5_000;
const LOOK_MS = 10 * 60_000;
/** After a failure sooner. */
const RETRY_MS = 30_000;
const MOST_BYTES = 256 * 1_024;
const FLAG = /^-retentionPeriod="?([^"\s]+)"?/m;
/** Days of a unit; a number without one are months. */
const DAYS: Readonly<Record<string, number>> = { h: 1 / 24, d: 1, w: 7, "": 31, y: 365 };

/** For how long points are kept there. */
export interface Retention {
  /** Undefined while it is not known. */
  readonly days: number | undefined;
  /** Looks now and then; never rejects. */
  beat(monotonic: number): void;
}

export function createRetention(client: VictoriaClient): Retention {
  let days: number | undefined;
  let lookAt = Number.NEGATIVE_INFINITY;
  const look = async (monotonic: number): Promise<void> => {
    lookAt = Number.POSITIVE_INFINITY;
    try {
      days = await readRetention(client);
      lookAt = monotonic + LOOK_MS;
    } catch {
      lookAt = monotonic + RETRY_MS;
    }
  };
  return {
    get days() {
      return days;
    },
    beat: (monotonic) => {
      if (monotonic >= lookAt) void look(monotonic);
    },
  };
}

/** Days for which points are kept there; undefined where it does not say. @throws VictoriaError */
export async function readRetention(client: VictoriaClient): Promise<number | undefined> {
  return retentionOf((await client.call({ path: "/flags", params: {}, deadlineMs: CALL_MS, mostBytes: MOST_BYTES })).toString("utf8"));
}

/** Days that `-retentionPeriod` of a list of flags says; undefined where it says nothing. */
export function retentionOf(flags: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([hdwy]?)$/.exec(FLAG.exec(flags)?.[1] ?? "") ?? [];
  const days = DAYS[unit ?? ""];
  return amount === undefined || days === undefined ? undefined : Number(amount) * days;
}
