/** What the dashboard answers before something that reaches far, until the user has proven again who they are. */
export const CONFIRM_IT_IS_YOU = "confirm it is you: sign in again";

/** Asks the user to prove who they are, once for all requests that wait for it. */
export interface Confirmations {
  /** `true` when it was proven; `false` when it was not, or when nobody on this page can ask. */
  ask(): Promise<boolean>;
  settle(proven: boolean): void;
  /** Whether a request waits for the user. */
  waiting(): boolean;
  /** Whoever listens shows the question. */
  subscribe(listener: () => void): () => void;
}

export function createConfirmations(): Confirmations {
  const listeners = new Set<() => void>();
  let open: PromiseWithResolvers<boolean> | undefined;
  const tell = () => {
    for (const listener of listeners) listener();
  };
  return {
    ask() {
      if (listeners.size === 0) return Promise.resolve(false);
      if (open === undefined) {
        open = Promise.withResolvers();
        tell();
      }
      return open.promise;
    },
    settle(proven) {
      open?.resolve(proven);
      open = undefined;
      tell();
    },
    waiting: () => open !== undefined,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
