const MINUTE = 60_000;
const FIRST_WAIT_MS = 15 * MINUTE;
const LONGEST_WAIT_MS = 24 * 60 * MINUTE;
/** An event that is not told for so long after its wait is forgotten. */
const GRACE_MS = 10 * MINUTE;
/** Labels remembered; the oldest goes when there are more, and its event is told once more. */
const MOST_LABELS = 10_000;

/** Keeps a lasting event from being told at every check (spec 30 section 3.6): at once, after 15 minutes, then at doubled distances up to a day. */
export interface Mute {
  /** Whether the event is to be told now; told means counted. */
  admit(groupId: number, label: string): boolean;
  /** The event is over: the next one is told at once. */
  clear(groupId: number, label: string): void;
}

export function createMute(deps: { readonly now: () => number }): Mute {
  const entries = new Map<string, { readonly wait: number; readonly until: number }>();
  const key = (groupId: number, label: string): string => `${groupId} ${label}`;
  const remember = (name: string, wait: number): void => {
    entries.delete(name);
    entries.set(name, { wait, until: deps.now() + wait });
    for (const oldest of entries.keys()) {
      if (entries.size <= MOST_LABELS) return;
      entries.delete(oldest);
    }
  };
  return {
    admit(groupId, label) {
      const name = key(groupId, label);
      const entry = entries.get(name);
      const now = deps.now();
      if (entry && now <= entry.until) return false;
      const forgotten = !entry || now > entry.until + GRACE_MS;
      remember(name, forgotten ? FIRST_WAIT_MS : Math.min(2 * entry.wait, LONGEST_WAIT_MS));
      return true;
    },
    clear: (groupId, label) => void entries.delete(key(groupId, label)),
  };
}
