import { isDeepStrictEqual } from "node:util";

/** How far over a limit a figure is. */
export type LoadLevel = "warn" | "critical";
/** Figures with limits, by the names that they have in a server's state. */
export type LoadFigure = "cpu" | "mem" | "disk";

/** Percent; a figure over the limit for a while counts, and stops to when it has been well under it for as long. */
const LIMITS: readonly (readonly [LoadLevel, number])[] = [
  ["warn", 85],
  ["critical", 95],
];
const LOWEST_LIMIT = Math.min(...LIMITS.map(([, limit]) => limit));
const MARGIN = 5;
const HOLD_MS = 30_000;

/** How a figure stands to one of its limits, where it is over it or about to change sides. */
export interface LoadStanding {
  readonly figure: LoadFigure;
  readonly level: LoadLevel;
  readonly isOver: boolean;
  /** Since when the figure has been on the other side without a break, Unix milliseconds; undefined while it is not. */
  readonly since: number | undefined;
}

/** Whether a figure counts as over one limit. Between the limit and the margin it stays what it was. */
class Latch {
  readonly #limit: number;
  #isOver = false;
  /** Since when the figure has been on the other side without a break, Unix milliseconds. */
  #since: number | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get since(): number | undefined {
    return this.#since;
  }

  /** Not over the limit, and not on the way there. */
  get isCalm(): boolean {
    return !this.#isOver && this.#since === undefined;
  }

  resume(isOver: boolean, since: number | undefined): void {
    this.#isOver = isOver;
    this.#since = since;
  }

  /** `true` when this report changed anything. `isBroken`: nobody knows what was between it and the one before. */
  take(percent: number, at: number, isBroken: boolean): boolean {
    const before = this.#since;
    const isOther = this.#isOver ? percent <= this.#limit - MARGIN : percent > this.#limit;
    if (!isOther) this.#since = undefined;
    else if (this.#since === undefined || isBroken) this.#since = at;
    if (this.#since === undefined || at - this.#since < HOLD_MS) return this.#since !== before;
    this.#isOver = !this.#isOver;
    this.#since = undefined;
    return true;
  }
}

/** The limits that a server is over, without following single samples. */
export class LoadWatch {
  readonly #latches = (["cpu", "mem", "disk"] as const).flatMap((figure) =>
    LIMITS.map(([level, limit]) => ({ figure, level, latch: new Latch(limit) })),
  );
  #over: Readonly<Partial<Record<LoadFigure, LoadLevel>>> = {};
  #worst: LoadLevel | undefined;
  #standings: readonly LoadStanding[] = [];
  #last = 0;

  /** The worst of them all; undefined while nothing is over a limit. */
  get worst(): LoadLevel | undefined {
    return this.#worst;
  }

  /** The worst level of each figure that is over a limit. The same object until something changes. */
  get over(): Readonly<Partial<Record<LoadFigure, LoadLevel>>> {
    return this.#over;
  }

  /** All that another watch needs to go on from here. The same list until something changes. */
  get standings(): readonly LoadStanding[] {
    return this.#standings;
  }

  /** Goes on from what another watch knew after the same report. */
  resume(standings: readonly LoadStanding[]): void {
    for (const { figure, level, latch } of this.#latches) {
      const standing = standings.find((each) => each.figure === figure && each.level === level);
      latch.resume(standing?.isOver ?? false, standing?.since);
    }
    this.#look();
  }

  /** Figures of one report in percent; `at` in Unix milliseconds. */
  take(cpu: number, mem: number, disk: number, at: number): void {
    // What was in a gap nobody knows, nor how long it was where the clock was set.
    const isBroken = at < this.#last || at - this.#last > HOLD_MS;
    this.#last = at;
    // Nearly every report of nearly every server.
    if (this.#standings.length === 0 && cpu <= LOWEST_LIMIT && mem <= LOWEST_LIMIT && disk <= LOWEST_LIMIT) return;
    const percent = { cpu, mem, disk };
    let changed = false;
    for (const { figure, latch } of this.#latches) changed = latch.take(percent[figure], at, isBroken) || changed;
    if (changed) this.#look();
  }

  #look(): void {
    this.#standings = this.#latches
      .filter(({ latch }) => !latch.isCalm)
      .map(({ figure, level, latch: { isOver, since } }) => ({ figure, level, isOver, since }));
    const over = Object.fromEntries(this.#standings.filter(({ isOver }) => isOver).map(({ figure, level }) => [figure, level]));
    if (isDeepStrictEqual(over, this.#over)) return;
    this.#over = over;
    this.#worst = LIMITS.findLast(([level]) => Object.values(over).includes(level))?.[0];
  }
}
