import { setTimeout as pause } from "node:timers/promises";
import type { VictoriaClient } from "./client.ts";
import type { Names } from "./names.ts";

/** Deletes series of servers and services. */
export interface Deleting {
  /** Resolves when the series are deleted. Points that arrive for a while afterwards are deleted as well. @throws VictoriaError */
  now(kind: "server" | "service", ids: readonly number[]): Promise<void>;
  /** Deletes again what was deleted a while ago: another process may have sent what it held. */
  beat(monotonic: number): void;
}

const CALL_MS = 20_000;
/** A series that is new is not found before this when it cannot be asked to be. */
const VISIBLE_MS = 5_000;
/** Others send what they hold within this time, unless they cannot. */
const AGAIN_MS = 120_000;
/** Deletions that are repeated; past it the oldest is not. */
const MOST_AGAIN = 1_000;

export function createDeleting(deps: {
  readonly client: VictoriaClient;
  readonly names: Names;
  readonly time: { readonly monotonic: number };
  /** Real milliseconds since something was sent. */
  readonly sinceSent: () => number;
}): Deleting {
  const { client, names, time } = deps;
  const again: { readonly at: number; readonly selector: string }[] = [];

  /** What was sent a moment ago is not found by a deletion. */
  const settle = async (): Promise<void> => {
    if (deps.sinceSent() > VISIBLE_MS) return;
    const asked = client.call({ path: "/internal/force_flush", params: {}, deadlineMs: CALL_MS, mostBytes: 4_096 });
    const isFlushed = await asked.then(
      () => true,
      () => false,
    );
    if (!isFlushed) await pause(Math.max(0, VISIBLE_MS - deps.sinceSent()));
  };
  const remove = async (selector: string): Promise<void> => {
    await client.call({ path: "/api/v1/admin/tsdb/delete_series", params: { "match[]": selector }, deadlineMs: CALL_MS, mostBytes: 4_096 });
  };
  return {
    now: async (kind, ids) => {
      if (ids.length === 0) return;
      const selector = names.everythingOf(kind, ids);
      await settle();
      await remove(selector);
      again.push({ at: time.monotonic + AGAIN_MS, selector });
      if (again.length > MOST_AGAIN) again.shift();
    },
    beat: (monotonic) => {
      if (again.length === 0 || (again[0]?.at ?? 0) > monotonic) return;
      const due = again.shift();
      // Best effort: the deletion itself has succeeded.
      if (due !== undefined) remove(due.selector).catch(() => undefined);
    },
  };
}
