import { createSerialQueue } from "@windfire/kit";
import type { SerialQueue } from "@windfire/kit";

/** Lets those who write the same path do so one after the other. */
export type WithPathLock = <T>(path: string, work: () => Promise<T>) => Promise<T>;

/** @param ignoresCase whether the system takes `A` and `a` for the same file */
export function createPathLocks(ignoresCase: boolean): WithPathLock {
  const queues = new Map<string, SerialQueue>();
  return async (path, work) => {
    const key = ignoresCase ? path.toLowerCase() : path;
    const queue = queues.get(key) ?? createSerialQueue();
    queues.set(key, queue);
    try {
      return await queue.run(work);
    } finally {
      if (queue.pending === 0 && queues.get(key) === queue) queues.delete(key);
    }
  };
}
