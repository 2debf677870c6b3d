import { rereadAfter } from "./history-away.ts";
import type { Timers } from "./live-socket.ts";

/** Last good data stays while newer is fetched or cannot be had. */
export interface ResourceState<T> {
  readonly data: T | undefined;
  readonly error: Error | undefined;
  readonly loading: boolean;
}

/** One answer of the dashboard that several components look at. Fetched while somebody does. */
export interface Resource<T> {
  state(): ResourceState<T>;
  /** Fetches when there is nothing yet; keeps fetching every `everyMs` while there are listeners, sooner what the history holds while that is away. */
  subscribe(listener: () => void): () => void;
  refresh(): Promise<void>;
}

export interface ResourceDeps<T> {
  readonly load: () => Promise<T>;
  readonly timers: Timers;
  readonly everyMs?: number;
  /** What is known already, for example embedded in the page. */
  readonly initial?: T | undefined;
}

export function createResource<T>({ load, timers, everyMs, initial }: ResourceDeps<T>): Resource<T> {
  const listeners = new Set<() => void>();
  let state: ResourceState<T> = { data: initial, error: undefined, loading: false };
  let running: Promise<void> | undefined;
  let cancel = () => {};
  const set = (next: Partial<ResourceState<T>>) => {
    state = { ...state, ...next };
    for (const listener of listeners) listener();
  };
  const fetchOnce = async () => {
    cancel();
    set({ loading: true });
    try {
      set({ data: await load(), error: undefined, loading: false });
    } catch (error) {
      set({ error: error instanceof Error ? error : new Error(String(error)), loading: false });
    }
    running = undefined;
    if (everyMs !== undefined && listeners.size > 0) cancel = timers.after(rereadAfter(state.error, everyMs), () => void refresh());
  };
  const refresh = () => (running ??= fetchOnce());
  return {
    state: () => state,
    refresh,
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1 && (state.data === undefined || everyMs !== undefined)) void refresh();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) cancel();
      };
    },
  };
}
