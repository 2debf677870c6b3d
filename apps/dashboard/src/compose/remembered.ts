import type { Clock } from "@windfire/kit";

/** What `ask` said, for so long; those who come while it is being asked share the answer. A failure is told to them and forgotten. */
export function remembered<T>(clock: Pick<Clock, "monotonic">, forMs: number, ask: () => Promise<T>): () => Promise<T> {
  let known: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return () => {
    const now = clock.monotonic();
    if (known !== undefined && now - known.at < forMs) return known.answer;
    const asked = { at: now, answer: ask() };
    known = asked;
    asked.answer.catch(() => {
      if (known === asked) known = undefined;
    });
    return asked.answer;
  };
}
