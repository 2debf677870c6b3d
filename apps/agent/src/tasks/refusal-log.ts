import type { Clock } from "@windfire/kit";
import type { Log } from "../log.ts";

const PAUSE_MS = 1000;

/** Writes down each refused order; those of one kind that follow within a second become one line, so that orders cannot fill a disk. */
export function createRefusalLog(clock: Clock, log: Log): (right: string, taskType: number) => void {
  /** Orders of each kind that are not written down yet; a kind is here while its second lasts. */
  const unsaid = new Map<number, number>();
  const say = (right: string, taskType: number, number: string): void =>
    log.warn(`refused ${number} of the dashboard (task of type ${taskType}): this host does not permit ${right}`);
  return (right, taskType) => {
    const waiting = unsaid.get(taskType);
    if (waiting !== undefined) return void unsaid.set(taskType, waiting + 1);
    say(right, taskType, "an order");
    unsaid.set(taskType, 0);
    clock
      .setTimeout(() => {
        const more = unsaid.get(taskType) ?? 0;
        unsaid.delete(taskType);
        if (more > 0) say(right, taskType, `${more} more orders`);
      }, PAUSE_MS)
      .unref();
  };
}
