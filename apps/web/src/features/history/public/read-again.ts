import { rereadAfter } from "#wire/history-away.ts";

/**
 * Reads at once and then again and again, sooner while the history is away. `read` resolves with what it failed with.
 * Ends, and aborts what is on its way, when the returned function is called.
 */
export function readAgain(everyMs: number, read: (signal: AbortSignal) => Promise<Error | undefined>): () => void {
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const next = async () => {
    const error = await read(abort.signal);
    if (!abort.signal.aborted) timer = setTimeout(() => void next(), rereadAfter(error, everyMs));
  };
  void next();
  return () => {
    abort.abort();
    clearTimeout(timer);
  };
}
