/** A number of bytes that many holders share. */
export interface ByteBudget {
  /** Whether so many more fit; then they are held until they are given back. */
  take(bytes: number): boolean;
  give(bytes: number): void;
  /** Bytes held now. */
  readonly used: number;
  /** Times that `take` said no. */
  readonly refused: number;
}

/** Holds at most `limit` bytes; as a part of another budget also no more than that has left. */
export function createByteBudget(limit: number, whole?: ByteBudget): ByteBudget {
  let used = 0;
  let refused = 0;
  return {
    take(bytes) {
      if (used + bytes > limit || whole?.take(bytes) === false) {
        refused++;
        return false;
      }
      used += bytes;
      return true;
    },
    give(bytes) {
      used -= bytes;
      whole?.give(bytes);
    },
    get used() {
      return used;
    },
    get refused() {
      return refused;
    },
  };
}

/** What one holder has of a budget, as a level that rises and falls. */
export interface BudgetShare {
  /** Holds so many bytes from now on. False when they do not fit: then what was held before stays held. */
  hold(bytes: number): boolean;
}

export function createBudgetShare(budget: ByteBudget): BudgetShare {
  return new Share(budget);
}

/** A class, since every stream of every agent has one. */
class Share implements BudgetShare {
  readonly #budget: ByteBudget;
  #held = 0;

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  hold(bytes: number): boolean {
    if (bytes > this.#held && !this.#budget.take(bytes - this.#held)) return false;
    if (bytes < this.#held) this.#budget.give(this.#held - bytes);
    this.#held = bytes;
    return true;
  }
}
