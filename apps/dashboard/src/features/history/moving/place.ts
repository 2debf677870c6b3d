import { setTimeout as pause } from "node:timers/promises";
import type { FamilyPlan } from "@windfire/tsdb";
import type { VictoriaAddress } from "../victoria/address.ts";
import { createVictoriaClient, VictoriaError } from "../victoria/client.ts";
import type { SentRow } from "../victoria/lines.ts";
import { createNames } from "../victoria/names.ts";
import { postRows } from "../victoria/post-rows.ts";
import { ANSWER_BYTES } from "../victoria/reading.ts";
import { readRetention } from "../victoria/retention.ts";
import { MOVED, slotOf } from "../victoria/stamp.ts";
import { seriesOf } from "../victoria/stored-rows.ts";

/** Which part of a group is spoken of. Unix milliseconds, both inside. */
export interface Part {
  readonly plan: FamilyPlan;
  readonly group: number;
  readonly from: number;
  readonly to: number;
}

/** The VictoriaMetrics that history is moved to. */
export interface Place {
  /** Days for which points are kept there; undefined where it does not say. */
  retentionDays(): Promise<number | undefined>;
  /** Half minutes of which there is a point already. */
  slots(part: Part): Promise<Set<number>>;
  /** Values of each column, in the order of the family, by when they are kept, Unix milliseconds. */
  values(part: Part): Promise<readonly ReadonlyMap<number, number>[]>;
  send(plan: FamilyPlan, rows: readonly SentRow[]): Promise<void>;
  /** What was sent until now is in all answers afterwards. */
  settle(): Promise<void>;
  close(): void;
}

const CALL_MS = 60_000;
/** What was taken is in answers at the latest after this time. */
const SHOWN_MS = 10_000;
/** Every row of a family has a figure in this column. */
const ALWAYS: Readonly<Record<string, string>> = { server: "cpu", late: "states", probe: "up" };

/** All calls reject with a VictoriaError. @throws RangeError for an installation without a name */
export function createPlace(address: VictoriaAddress, installation: string): Place {
  const client = createVictoriaClient(address, 1);
  const names = createNames(installation);
  const exported = async ({ plan, group, from, to }: Part, columns: readonly string[]): Promise<Buffer> => {
    const params = { "match[]": names.selector(plan.family.name, columns, [group]), start: `${from / 1_000}`, end: `${to / 1_000}` };
    return client.call({ path: "/api/v1/export", params, deadlineMs: CALL_MS, mostBytes: ANSWER_BYTES });
  };
  return {
    retentionDays: () => readRetention(client),
    slots: async (part) => {
      const { family } = part.plan;
      const bytes = await exported(part, [ALWAYS[family.name] ?? family.columns[0]?.name ?? ""]);
      return new Set(seriesOf(bytes).flatMap(({ timestamps }) => timestamps.map(slotOf)));
    },
    values: async (part) => {
      const { name: family, columns } = part.plan.family;
      const found = columns.map(() => new Map<number, number>());
      const places = new Map(columns.map(({ name }, index) => [names.metric(family, name), found[index]]));
      const bytes = await exported(
        part,
        columns.map(({ name }) => name),
      );
      for (const { metric, timestamps, values } of seriesOf(bytes)) {
        const column = places.get(metric["__name__"] ?? "");
        for (const [index, at] of timestamps.entries()) column?.set(at, values[index] ?? Number.NaN);
      }
      return found;
    },
    send: (plan, rows) => postRows({ client, names, writer: MOVED }, plan, rows, CALL_MS),
    settle: async () => {
      try {
        await client.call({ path: "/internal/force_flush", params: {}, deadlineMs: CALL_MS, mostBytes: 4_096 });
      } catch (error) {
        // Where that is not for everybody it happens by itself.
        if (!(error instanceof VictoriaError) || error.isUnanswered) throw error;
        await pause(SHOWN_MS);
      }
    },
    close: () => client.close(),
  };
}
