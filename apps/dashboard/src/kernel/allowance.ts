/** Pairs that are remembered; of more, such as those of servers that are gone, the oldest begin anew. */
const MOST_PAIRS = 200_000;

/**
 * How many results of a server for a task are still taken: one for each time the task was given to it, and `spare` beyond those (answers
 * from before a restart, late ones). Past them only answers count, so that no agent moves figures, fills channels or keeps the database
 * busy with answers to what it was never asked.
 */
export function createAllowance(spare: number) {
  /** Pairs of task and server; those that have all of them are left out. */
  const left = new Map<string, number>();
  const keyOf = (taskId: number, serverId: number): string => `${taskId} ${serverId}`;
  return {
    /** The task was given to the server once more. */
    add(taskId: number, serverId: number): void {
      const key = keyOf(taskId, serverId);
      const known = left.get(key);
      if (known === undefined) return;
      if (known + 1 >= spare) left.delete(key);
      else left.set(key, known + 1);
    },
    /** Takes one; `false` when there is none left. */
    take(taskId: number, serverId: number): boolean {
      const key = keyOf(taskId, serverId);
      const known = left.get(key) ?? spare;
      if (left.size >= MOST_PAIRS && !left.has(key)) left.delete(left.keys().next().value ?? "");
      if (known > 0) left.set(key, known - 1);
      return known > 0;
    },
    forget(taskId: number): void {
      for (const key of left.keys()) if (key.startsWith(`${taskId} `)) left.delete(key);
    },
  };
}

export type Allowance = ReturnType<typeof createAllowance>;
