import type { Store } from "@windfire/tsdb";
import { SERVER_FAMILY } from "./columns.ts";
import type { HistoryQuestion } from "./messages.ts";
import type { Sparklines } from "./model.ts";

/** Length of a point, milliseconds. */
export const SPARKLINE_STEP_MS = 2 * 60_000;
/** An hour of them, the running one included. */
const POINTS = 30;
/** Small drawings show no more. */
const DIGITS = 3;
/** Servers looked at before others get the thread. */
const SERVERS_AT_ONCE = 8;

/** The last hour of each server; one of which nothing is stored has no text. */
export async function sparklinesOf(
  store: Pick<Store, "query">,
  { ids, metrics, now }: Extract<HistoryQuestion, { kind: "sparklines" }>,
  breathe: () => Promise<void>,
): Promise<Sparklines> {
  const columns = metrics.map((column) => ({ column }));
  const from = (Math.floor(now / SPARKLINE_STEP_MS) - POINTS + 1) * SPARKLINE_STEP_MS;
  const texts = new Map<number, string>();
  for (const [index, id] of ids.entries()) {
    const found = await store.query({ family: SERVER_FAMILY, group: id, columns, from, to: now, step: SPARKLINE_STEP_MS });
    const points = new Array<number | null>(POINTS).fill(null);
    found.starts.forEach((start, at) => {
      const sum = found.columns.reduce((total, column) => total + (column[at] ?? Number.NaN), 0);
      const slot = (start - from) / SPARKLINE_STEP_MS;
      if (slot >= 0 && slot < POINTS && Number.isFinite(sum)) points[slot] = Number(sum.toPrecision(DIGITS));
    });
    if (points.some((point) => point !== null)) texts.set(id, JSON.stringify(points));
    if (index % SERVERS_AT_ONCE === SERVERS_AT_ONCE - 1) await breathe();
  }
  return { from, texts };
}
