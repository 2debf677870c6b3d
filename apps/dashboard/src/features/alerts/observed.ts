/** A time in which nothing changed, `[from, to)`; milliseconds. One letter for each condition: `P`, `F` or `U`. */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly values: string;
}

/** The run that the newest observation belongs to. */
export interface OpenRun {
  readonly from: number;
  /** Time of the newest observation. */
  readonly last: number;
  readonly values: string;
}

/** Old runs taken together: how much time of each condition is known, and of that failed. */
export interface Cell {
  readonly from: number;
  readonly to: number;
  readonly covered: readonly number[];
  readonly failed: readonly number[];
}

/** What was observed of a server and is still needed, oldest first. Cells are older than runs. */
export interface Observed {
  readonly cells: readonly Cell[];
  readonly runs: readonly Run[];
  readonly newest: OpenRun;
}

/** Runs and cells kept together (spec 60 section 5). */
export const MOST_RUNS = 1_024;
/** Cells that the longest window is divided into. */
const CELLS = 512;
/** What the newest observation stands for, milliseconds. */
const NEWEST_MS = 3_000;

/** What an observation stands for ends with the next one, and after `standsMs` in any case. */
export function endedRun({ from, last, values }: OpenRun, next: number, standsMs: number): Run {
  return { from, to: Math.min(last + standsMs, next), values };
}

/** Leaves out what ended before `start`. */
export function forgetBefore(observed: Observed, start: number): Observed {
  const { cells, runs, newest } = observed;
  const isKept = ({ to }: { readonly to: number }): boolean => to > start;
  const keptCells = cells.length === 0 || isKept(cells[0] as Cell) ? cells : cells.filter(isKept);
  const keptRuns = runs.length === 0 || isKept(runs[0] as Run) ? runs : runs.filter(isKept);
  return keptCells === cells && keptRuns === runs ? observed : { cells: keptCells, runs: keptRuns, newest };
}

/** Begins a new run after one that ended; when there are too many, the older half of them becomes cells. */
export function addSpan({ cells, runs }: Observed, ended: Run, newest: OpenRun, longestMs: number): Observed {
  const all = ended.to > ended.from ? [...runs, ended] : runs;
  if (cells.length + all.length < MOST_RUNS) return { cells, runs: all, newest };
  const half = Math.ceil(all.length / 2);
  return { cells: fold(cells, all.slice(0, half), Math.ceil(longestMs / CELLS)), runs: all.slice(half), newest };
}

/** Puts runs into cells of one width, on a grid. */
function fold(cells: readonly Cell[], runs: readonly Run[], width: number): Cell[] {
  const folded = [...cells];
  for (const { from, to, values } of runs) {
    for (let start = from; start < to;) {
      const end = Math.min(to, (Math.floor(start / width) + 1) * width);
      const last = folded.at(-1);
      const isSame = last !== undefined && Math.floor(last.from / width) === Math.floor(start / width);
      const cell = grown(isSame ? last : undefined, start, end, values);
      if (isSame) folded[folded.length - 1] = cell;
      else folded.push(cell);
      start = end;
    }
  }
  return folded;
}

function grown(cell: Cell | undefined, from: number, to: number, values: string): Cell {
  const letters = Array.from(values);
  return {
    from: cell?.from ?? from,
    to,
    covered: letters.map((letter, index) => (cell?.covered[index] ?? 0) + (letter === "U" ? 0 : to - from)),
    failed: letters.map((letter, index) => (cell?.failed[index] ?? 0) + (letter === "F" ? to - from : 0)),
  };
}

/** How much of `[start, end)` is known of one condition, and of that failed; milliseconds. Of a cell on the edge its share. */
export function shareOf({ cells, runs, newest }: Observed, index: number, start: number, end: number): { covered: number; failed: number } {
  let covered = 0;
  let failed = 0;
  const add = (from: number, to: number, letter: string | undefined): void => {
    const time = Math.min(to, end) - Math.max(from, start);
    if (time <= 0 || letter === "U") return;
    covered += time;
    if (letter === "F") failed += time;
  };
  add(newest.from, newest.last + NEWEST_MS, newest.values[index]);
  for (let at = runs.length - 1; at >= 0; at--) {
    const run = runs[at] as Run;
    if (run.to <= start) return { covered, failed };
    add(run.from, run.to, run.values[index]);
  }
  for (let at = cells.length - 1; at >= 0; at--) {
    const cell = cells[at] as Cell;
    if (cell.to <= start) break;
    const share = (cell.to - Math.max(cell.from, start)) / (cell.to - cell.from);
    covered += share * (cell.covered[index] ?? 0);
    failed += share * (cell.failed[index] ?? 0);
  }
  return { covered, failed };
}
