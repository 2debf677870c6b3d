/**
 * What has happened, published after the change is committed. Rooms to the right listen; the publisher does not know them.
 * Ids are row ids.
 */
export interface Facts {
  "user.deleted": { userId: number };
  /** Whatever this user has open closes. */
  "user.disabled": { userId: number };
  /** What the user opens stays open again. */
  "user.enabled": { userId: number };
  /** `reason` tells apart sign-out, password change and expiry; sockets of the session close. */
  "session.ended": { sessionKeys: readonly string[]; reason: "logout" | "password" | "deleted" | "blocked" | "expired" };
  "token.ended": { tokenIds: readonly number[]; reason: "deleted" | "expired" };
  "share-link.ended": { linkIds: readonly number[] };
  "address.blocked": { ips: readonly string[] };
  "setting.updated": { keys: readonly string[] };
  /** The host was restarted: counters start again. */
  "server.restarted": { serverId: number };
  "server.address-changed": { serverId: number; previous: string; current: string };
}

export type FactName = keyof Facts;
type Listener<N extends FactName> = (fact: Facts[N]) => void;

export interface FactBus {
  publish<N extends FactName>(name: N, fact: Facts[N]): void;
  /** Returns the function that ends the subscription. */
  subscribe<N extends FactName>(name: N, listener: Listener<N>): () => void;
}

/**
 * In-process bus. Listeners run in the order of subscription, within `publish`; one that throws is reported and does not keep the
 * others from running.
 */
export function createFactBus(deps: { onListenerError: (name: FactName, error: unknown) => void }): FactBus {
  const listeners = new Map<FactName, Set<(fact: never) => void>>();
  return {
    publish(name, fact) {
      for (const listener of listeners.get(name) ?? []) {
        try {
          (listener as Listener<typeof name>)(fact);
        } catch (error) {
          deps.onListenerError(name, error);
        }
      }
    },
    subscribe(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener);
      return () => set.delete(listener);
    },
  };
}
