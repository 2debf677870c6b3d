import { SLOT_MS } from "@windfire/tsdb";
import { SERVER_FAMILY } from "../columns.ts";
import type { VictoriaClient } from "./client.ts";
import { readJson } from "./json.ts";
import type { Names } from "./names.ts";
import { ANSWER_BYTES, QUERY_MS } from "./reading.ts";
import { slotOf } from "./stamp.ts";

interface Vector {
  readonly data: {
    readonly result: readonly { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] }[];
  };
}

/** Most servers have reported in the last hour; of the others the points of a year are looked at. */
const RECENT = "1h";
const EVER = "400d";
const AT_ONCE = 200;
/** Every state has a figure for the processor. */
const COLUMN = "cpu";

/** Reads when each server last reported: server and start of the half minute, in turns. */
export function createSightings(deps: { readonly client: VictoriaClient; readonly names: Names; readonly now: () => number }) {
  const { client, names } = deps;
  const ask = async (path: string, params: Record<string, string>): Promise<unknown> =>
    readJson((await client.call({ path, params, deadlineMs: QUERY_MS, mostBytes: ANSWER_BYTES })).toString("utf8"));
  const newest = async (selector: string, window: string, into: Map<number, number>): Promise<void> => {
    const query = `tlast_over_time(${selector}[${window}])`;
    // Without the flag what is younger than half a minute would be left out.
    const { data } = (await ask("/api/v1/query", { query, time: `${deps.now() / 1_000}`, nocache: "1" })) as Vector;
    for (const { metric, value } of data.result) into.set(Number(metric["server"]), slotOf(Number(value[1]) * 1_000) * SLOT_MS);
  };
  return async (): Promise<Float64Array> => {
    const found = new Map<number, number>();
    await newest(names.all(SERVER_FAMILY, COLUMN), RECENT, found);
    const { data } = (await ask("/api/v1/label/server/values", {
      "match[]": names.all(SERVER_FAMILY, COLUMN),
      start: "0",
    })) as { readonly data: readonly string[] };
    const others = data.map(Number).filter((server) => !found.has(server));
    for (let from = 0; from < others.length; from += AT_ONCE) {
      await newest(names.selector(SERVER_FAMILY, [COLUMN], others.slice(from, from + AT_ONCE)), EVER, found);
    }
    return Float64Array.from([...found].flat());
  };
}
