/** What befalls replicas. */
export type TroubleKind =
  | "killed"
  | "stops"
  | "stands still"
  | "sleeps"
  | "is cut off the bus"
  | "is cut off the database"
  | "is refused a call";

/** Unix milliseconds; `to` is infinite as long as it lasts. */
export interface Trouble {
  readonly kind: TroubleKind;
  readonly replica: string;
  readonly from: number;
  to: number;
}

/** All that befell the replicas of a run. */
export class Troubles {
  readonly all: Trouble[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  begin(kind: TroubleKind, replica: string): Trouble {
    const trouble = { kind, replica, from: this.#now(), to: Number.POSITIVE_INFINITY };
    this.all.push(trouble);
    return trouble;
  }

  end(trouble: Trouble): void {
    trouble.to = this.#now();
  }

  /** Whether anything, or something of a kind, befell a replica, or any, between two moments. */
  were(from: number, to: number, of: Partial<Pick<Trouble, "kind" | "replica">> = {}): boolean {
    const { kind, replica } = of;
    return this.all.some(
      (one) => one.from <= to && one.to >= from && (kind ?? one.kind) === one.kind && (replica ?? one.replica) === one.replica,
    );
  }

  /** How many of these kinds have lasted since a moment, or a part of that time. */
  lasting(kinds: readonly TroubleKind[], from: number): number {
    return this.all.filter(({ kind, to }) => kinds.includes(kind) && to >= from).length;
  }
}
