import { SLOT_MS, type Store } from "@windfire/tsdb";
import { LATE_FAMILY, SERVER_FAMILY } from "./columns.ts";
import type { Coverage, CoverageSpan, CoverageState } from "./model.ts";

export interface CoverageQuestion {
  readonly serverId: number;
  /** Unix milliseconds. */
  readonly from: number;
  readonly now: number;
  /** From when on states may still come late, Unix milliseconds. */
  readonly expectedFrom: number;
}

/** Past this the spans are told in longer steps, so that a server that comes and goes has no endless list. */
const MOST_SPANS = 2_000;
/** By weight: in a longer step the heaviest counts. */
const STATES: readonly (CoverageState | undefined)[] = [undefined, "late", "expected", "lost"];
const [COMPLETE, LATE, EXPECTED, LOST] = [0, 1, 2, 3] as const;

/** Which half minutes of a server have reports, and how they came. The one that is running is not judged. */
export async function coverageOf(
  store: Pick<Store, "query" | "pointsFrom">,
  { serverId, from, now, expectedFrom }: CoverageQuestion,
): Promise<Coverage> {
  const first = Math.ceil(Math.max(from, store.pointsFrom()) / SLOT_MS);
  const end = Math.max(first, Math.floor(now / SLOT_MS));
  const cells = new Uint8Array(end - first);
  for (let cell = 0; cell < cells.length; cell++) cells[cell] = (first + cell) * SLOT_MS >= expectedFrom ? EXPECTED : LOST;
  const mark = async (family: string, column: string, as: number): Promise<void> => {
    if (cells.length === 0) return;
    const window = { from: first * SLOT_MS, to: end * SLOT_MS - 1, step: SLOT_MS };
    const { starts } = await store.query({ family, group: serverId, columns: [{ column }], ...window });
    for (const start of starts) cells[start / SLOT_MS - first] = as;
  };
  await mark(SERVER_FAMILY, "cpu", COMPLETE);
  await mark(LATE_FAMILY, "states", LATE);
  return { from: first * SLOT_MS, to: end * SLOT_MS, spans: spansOf(cells, first, 1) };
}

/** @param length slots of a cell */
function spansOf(cells: Uint8Array, first: number, length: number): CoverageSpan[] {
  const spans: CoverageSpan[] = [];
  const timeOf = (cell: number): number => (first + cell * length) * SLOT_MS;
  for (let begin = 0; begin < cells.length;) {
    let end = begin + 1;
    while (end < cells.length && cells[end] === cells[begin]) end++;
    const state = STATES[cells[begin] as number];
    if (state !== undefined) spans.push({ from: timeOf(begin), to: timeOf(end), state });
    begin = end;
  }
  if (spans.length <= MOST_SPANS) return spans;
  const longer = Uint8Array.from({ length: Math.ceil(cells.length / 2) }, (_, cell) =>
    Math.max(cells[2 * cell] as number, cells[2 * cell + 1] ?? COMPLETE),
  );
  return spansOf(longer, first, 2 * length);
}
