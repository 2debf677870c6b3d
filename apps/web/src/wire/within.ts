import type { Timers } from "./live-socket.ts";

/** What comes in time; `undefined`: it did not, and may still come. */
export function within<T>(ms: number, coming: Promise<T>, timers: Pick<Timers, "after">): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = timers.after(ms, () => resolve(undefined));
    void coming.then(resolve, reject).finally(cancel);
  });
}
