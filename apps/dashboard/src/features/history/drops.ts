import type { HistoryQuestion } from "./messages.ts";
import type { HistoryLog } from "./worker-link.ts";

export type Drop = Extract<HistoryQuestion, { kind: "drop-server" | "drop-service" }>;

/** What is to be forgotten, kept until the worker has done it: it may be gone at the moment. */
export interface Drops {
  add(drop: Drop): void;
  /** Tries what is waiting. */
  retry(): void;
  readonly waiting: number;
}

export function createDrops(deps: { ask: (drop: Drop) => Promise<unknown>; log: HistoryLog }): Drops {
  const waiting = new Map<string, { readonly drop: Drop; asked: boolean; told: boolean }>();
  const attempt = (key: string): void => {
    const entry = waiting.get(key);
    if (entry === undefined || entry.asked) return;
    entry.asked = true;
    deps.ask(entry.drop).then(
      () => waiting.delete(key),
      (error: unknown) => {
        entry.asked = false;
        if (entry.told) return;
        entry.told = true;
        deps.log.error("history could not be dropped yet", { error: String(error) });
      },
    );
  };
  return {
    add: (drop) => {
      const key = JSON.stringify(drop);
      waiting.set(key, waiting.get(key) ?? { drop, asked: false, told: false });
      attempt(key);
    },
    retry: () => {
      for (const key of waiting.keys()) attempt(key);
    },
    get waiting() {
      return waiting.size;
    },
  };
}
