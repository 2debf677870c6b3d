/** Who waits together: a caller, as far as callers can be told apart. */
export interface Lane {
  readonly key: string;
  /** How many of this lane may wait. */
  readonly waiting: number;
}

export type Turn<T> = { readonly outcome: "done"; readonly value: T } | { readonly outcome: "displaced" };

/**
 * Lets only so many pieces of slow work run at a time. Lanes take turns, so that nobody waits for all that another one has piled up; in a
 * lane the newest goes first, so that a burst of guesses does not stand before the one who comes after it. Past a limit the oldest of the
 * lane, or of the longest lane, gives way.
 */
export interface Turns {
  take<T>(lane: Lane, work: () => Promise<T>): Promise<Turn<T>>;
  readonly waiting: number;
  /** How many had to give way so far. */
  readonly displaced: number;
}

type Waiter = (goes: boolean) => void;

export function createTurns(limits: { running: number; waiting: number }): Turns {
  const lanes = new Map<string, Waiter[]>();
  let running = 0;
  let waiting = 0;
  let displaced = 0;

  const remove = (key: string, from: "oldest" | "newest"): Waiter | undefined => {
    const lane = lanes.get(key);
    const waiter = from === "oldest" ? lane?.shift() : lane?.pop();
    if (waiter) waiting--;
    if (lane?.length === 0) lanes.delete(key);
    return waiter;
  };
  const displace = (key: string): void => {
    displaced++;
    remove(key, "oldest")?.(false);
  };
  const longest = (): string => [...lanes].reduce((a, b) => (b[1].length > a[1].length ? b : a))[0];

  const turn = async ({ key, waiting: most }: Lane): Promise<boolean> => {
    if (running < limits.running) {
      running++;
      return true;
    }
    if ((lanes.get(key)?.length ?? 0) >= most) displace(key);
    else if (waiting >= limits.waiting) displace(longest());
    return new Promise((resolve) => {
      const lane = lanes.get(key);
      if (lane) lane.push(resolve);
      else lanes.set(key, [resolve]);
      waiting++;
    });
  };
  /** The turn goes to the next lane without a moment in which somebody else could take it. */
  const leave = (): void => {
    const [next] = lanes.keys();
    if (next === undefined) return void running--;
    const waiter = remove(next, "newest");
    const rest = lanes.get(next);
    if (rest) {
      lanes.delete(next);
      lanes.set(next, rest);
    }
    return waiter?.(true);
  };
  return {
    async take(lane, work) {
      if (!(await turn(lane))) return { outcome: "displaced" };
      try {
        return { outcome: "done", value: await work() };
      } finally {
        leave();
      }
    },
    get waiting() {
      return waiting;
    },
    get displaced() {
      return displaced;
    },
  };
}
