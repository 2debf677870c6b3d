const MOST_DAMAGE_REMEMBERED = 10_000;

/** Damaged parts of files that reads met; each is counted once. */
export interface Damage {
  note(path: string, offset: number): void;
  /** Runs a read; nonsense in a file is counted and read as nothing. */
  guarded<T>(path: string, offset: number, read: () => T): T | undefined;
  readonly size: number;
}

export function createDamage(): Damage {
  const damage = new Set<string>();
  const note = (path: string, offset: number): void => {
    if (damage.size < MOST_DAMAGE_REMEMBERED) damage.add(`${path}:${offset}`);
  };
  return {
    note,
    guarded: (path, offset, read) => {
      try {
        return read();
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        note(path, offset);
        return undefined;
      }
    },
    get size() {
      return damage.size;
    },
  };
}
