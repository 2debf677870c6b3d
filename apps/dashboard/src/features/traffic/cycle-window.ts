const HOUR_MS = 3_600_000;
const LENGTH_MS = new Map([
  ["day", 24 * HOUR_MS],
  ["week", 7 * 24 * HOUR_MS],
]);
const LENGTH_MONTHS = new Map([
  ["month", 1],
  ["year", 12],
]);
/** Years of more than four digits have no RFC 3339 text. */
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59);

/** When a cycle began, RFC 3339, and how long one is: a number of `hour`, `day`, `week`, `month` or `year`. */
export interface CycleShape {
  readonly cycleStart: string | undefined;
  readonly cycleInterval: number;
  readonly cycleUnit: string;
}

/** A period of a cycle condition: Unix milliseconds, and RFC 3339 in the offset that the condition is written in. `to` is outside. */
export interface CycleWindow {
  readonly fromMs: number;
  readonly toMs: number;
  readonly from: string;
  readonly to: string;
}

/**
 * The period that `now` lies in; `undefined` for a condition without a start. Periods are whole multiples of the interval after the
 * start, so a month's short end does not shift the ones after it (spec 30 section 2.6).
 */
export function cycleWindow(condition: CycleShape, now: number): CycleWindow | undefined {
  if (condition.cycleStart === undefined) return undefined;
  const start = readStart(condition.cycleStart);
  const interval = Math.max(1, condition.cycleInterval);
  const unit = condition.cycleUnit.toLowerCase();
  const months = LENGTH_MONTHS.get(unit);
  const at =
    months === undefined ? byLength(start.wallMs, (LENGTH_MS.get(unit) ?? HOUR_MS) * interval) : byMonths(start.wallMs, months * interval);
  const turn = Math.max(0, periodOf(at, now - start.startMs + start.wallMs));
  const period = (index: number): { ms: number; text: string } => {
    const wallMs = Math.min(at(index), LAST_MS);
    const text = new Date(wallMs).toISOString().slice(0, 19) + start.fraction + start.offset;
    return { ms: wallMs - start.wallMs + start.startMs, text };
  };
  const [from, to] = [period(turn), period(turn + 1)];
  return { fromMs: from.ms, toMs: to.ms, from: from.text, to: to.text };
}

/** Begin of a period by its number, as a clock on the wall shows it, in milliseconds as if that were UTC; NaN past the calendar's end. */
type PeriodStart = (index: number) => number;

function byLength(wallMs: number, lengthMs: number): PeriodStart {
  return (index) => wallMs + index * lengthMs;
}

function byMonths(wallMs: number, months: number): PeriodStart {
  const start = new Date(wallMs);
  return (index) => {
    const month = start.getUTCMonth() + index * months;
    const lastDay = new Date(Date.UTC(start.getUTCFullYear(), month + 1, 0)).getUTCDate();
    const date = Date.UTC(start.getUTCFullYear(), month, Math.min(start.getUTCDate(), lastDay));
    return Number.isNaN(date) ? LAST_MS : date + (wallMs % (24 * HOUR_MS));
  };
}

/** Number of the period that an instant lies in: the mean length points near it. */
function periodOf(at: PeriodStart, wallNow: number): number {
  const far = 12;
  const meanMs = (at(far) - at(0)) / far;
  let index = Math.floor((wallNow - at(0)) / meanMs);
  while (at(index) > wallNow) index--;
  while (at(index + 1) <= wallNow && at(index + 1) < LAST_MS) index++;
  return index;
}

/** Seconds on the wall, and what stands behind them in the text. */
function readStart(text: string): { startMs: number; wallMs: number; fraction: string; offset: string } {
  const [, fraction = "", offset = "Z"] = /(\.\d+)?(Z|[+-]\d\d:?\d\d)$/i.exec(text) ?? [];
  const wallMs = Date.parse(`${text.slice(0, text.length - fraction.length - offset.length)}Z`);
  return { startMs: Date.parse(text), wallMs, fraction, offset };
}
