import { createServerPace } from "./server-pace.ts";

/** Reports and hand-overs of one agent: far more than one that connects again and again needs. */
const CALLS = { periodMs: 100, burst: 200 };

/** How often each server's agent may have what others bear. */
export function createPaces(monotonic: () => number) {
  const paces = {
    moves: createServerPace({ monotonic }),
    restarts: createServerPace({ monotonic }),
    handOvers: createServerPace({ monotonic }),
    calls: createServerPace({ monotonic, ...CALLS }),
  };
  return {
    ...paces,
    forget(serverId: number): void {
      for (const pace of Object.values(paces)) pace.forget(serverId);
    },
  };
}
