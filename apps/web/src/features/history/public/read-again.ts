import { rereadAfter } from "#wire/history-away.ts";
import type { Timers } from "#wire/live-socket.ts";

interface Reading {
  readonly timers: Pick<Timers, "after">;
  readonly everyMs: number;
  readonly read: (signal: AbortSignal) => Promise<void>;
  /** Told of what `read` threw, unless nobody waits for it any more. */
  readonly failed: (error: Error) => void;
}

/**
 * Reads at once and then again and again, sooner while the history is away. Ends, and aborts what is on its way, when the returned
 * function is called.
 */
export function readAgain({ timers, everyMs, read, failed }: Reading): () => void {
  const abort = new AbortController();
  let cancel = () => {};
  const next = async () => {
    let error: Error | undefined;
    try {
      await read(abort.signal);
    } catch (failure) {
      error = failure instanceof Error ? failure : new Error(String(failure));
    }
    if (abort.signal.aborted) return;
    if (error !== undefined) failed(error);
    cancel = timers.after(rereadAfter(error, everyMs), () => void next());
  };
  void next();
  return () => {
    abort.abort();
    cancel();
  };
}
