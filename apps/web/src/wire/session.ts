import type { LoginResponse } from "@windfire/api";
import { parseTime } from "#lib/time-format.ts";
import type { ApiClient } from "./api-client.ts";
import type { Timers } from "./live-socket.ts";

const SHORTEST_MS = 60_000;
/** When nobody said how long the session lasts: its default life is an hour. */
const UNKNOWN_LIFE_MS = 60 * 60_000;

/** Keeps a signed-in page signed in: refreshes at half of the session's life (spec 10 section 6.7). */
export interface SessionKeeper {
  /** With the end of the session when a sign-in just told it. */
  start(expire?: string): void;
  stop(): void;
}

export function createSessionKeeper(deps: { api: ApiClient; timers: Timers; onEnd: () => void }): SessionKeeper {
  const { api, timers, onEnd } = deps;
  let cancel = () => {};
  const plan = (expire: string | undefined) => {
    const end = parseTime(expire) ?? timers.now() + UNKNOWN_LIFE_MS;
    cancel();
    cancel = timers.after(Math.max(SHORTEST_MS, (end - timers.now()) / 2), () => void refresh());
  };
  const refresh = async () => {
    try {
      plan((await api.post<LoginResponse>("/refresh-token")).expire);
    } catch {
      onEnd();
    }
  };
  return {
    start(expire) {
      if (expire === undefined) void refresh();
      else plan(expire);
    },
    stop: () => cancel(),
  };
}
