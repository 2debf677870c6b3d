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

  /** Not over the limit, and not on the way there. */
  get isCalm(): boolean {
    return !this.#isOver && this.#since === undefined;
  }

  /** `true` when this report changed the verdict. `isBroken`: nobody knows what was between it and the one before. */
  take(percent: number, at: number, isBroken: boolean): boolean {
    const isOther = this.#isOver ? percent <= this.#limit - MARGIN : percent > this.#limit;
    if (!isOther) this.#since = undefined;
    else if (this.#since === undefined || isBroken) this.#since = at;
    if (this.#since === undefined || at - this.#since < HOLD_MS) return false;
    this.#isOver = !this.#isOver;
    this.#since = undefined;
    return true;
  }
}

/** The limits that a server is over, without following single samples. */
export class LoadWatch {
  readonly #latches = { cpu: latches(), mem: latches(), disk: latches() };
  #over: Readonly<Partial<Record<LoadFigure, LoadLevel>>> = {};
  #worst: LoadLevel | undefined;
  #isCalm = true;
  #last = 0;

  /** The worst of them all; undefined while nothing is over a limit. */
  get worst(): LoadLevel | undefined {
    return this.#worst;
  }

  /** The worst level of each figure that is over a limit. The same object until something changes. */
  get over(): Readonly<Partial<Record<LoadFigure, LoadLevel>>> {
    return this.#over;
  }

  /** Figures of one report in percent; `at` in Unix milliseconds. */
  take(cpu: number, mem: number, disk: number, at: number): void {
    // What was in a gap nobody knows, nor how long it was where the clock was set.
    const isBroken = at < this.#last || at - this.#last > HOLD_MS;
    this.#last = at;
    // Nearly every report of nearly every server.
    if (this.#isCalm && cpu <= LOWEST_LIMIT && mem <= LOWEST_LIMIT && disk <= LOWEST_LIMIT) return;
    const { cpu: ofCpu, mem: ofMem, disk: ofDisk } = this.#latches;
    let changed = false;
    for (const { latch } of ofCpu) changed = latch.take(cpu, at, isBroken) || changed;
    for (const { latch } of ofMem) changed = latch.take(mem, at, isBroken) || changed;
    for (const { latch } of ofDisk) changed = latch.take(disk, at, isBroken) || changed;
    this.#isCalm = [...ofCpu, ...ofMem, ...ofDisk].every(({ latch }) => latch.isCalm);
    if (!changed) return;
    this.#over = this.#levels();
    this.#worst = LIMITS.findLast(([level]) => Object.values(this.#over).includes(level))?.[0];
  }

  #levels(): Partial<Record<LoadFigure, LoadLevel>> {
    const over: Partial<Record<LoadFigure, LoadLevel>> = {};
    for (const figure of ["cpu", "mem", "disk"] as const) {
      const worst = this.#latches[figure].findLast(({ latch }) => latch.isOver);
      if (worst) over[figure] = worst.level;
    }
    return over;
  }
}

function latches(): readonly { readonly level: LoadLevel; readonly latch: Latch }[] {
  return LIMITS.map(([level, limit]) => ({ level, latch: new Latch(limit) }));
}
