import { TASK } from "@windfire/protocol";
import type { Agents, Stream, StreamConnection } from "#kernel";

/** How much later than its answer to the keep-alive an agent's stream may come. */
const GRACE_MS = 1_000;
const LAST_ID = 2 ** 31 - 1;

export interface AttachWatchDeps {
  readonly agents: Pick<Agents, "dispatch">;
  readonly after: (ms: number, run: () => void) => { cancel(): void };
  readonly onError: (error: unknown) => void;
}

/**
 * Finds out that an agent's stream will not come. Official agents open it before they dial and cancel it at once when the backend is dead;
 * nginx drops what was cancelled before it had a connection of its own to the dashboard, and nobody hears of it. A keep-alive sent after
 * the order tells: the agent handles both side by side, so a stream that is not there shortly after the answer was lost or refused. Agents
 * that do not answer keep-alives have the usual time.
 */
export function createAttachWatch({ agents, after, onError }: AttachWatchDeps) {
  const waiting = new Map<number, { readonly serverId: number; readonly connection: StreamConnection }>();
  let last = 0;
  return {
    /** To be called after the order. @returns to be called when the stream is over */
    expect({ serverId }: Stream, connection: StreamConnection): () => void {
      last = last === LAST_ID ? 1 : last + 1;
      const id = last;
      const forget = (): void => void waiting.delete(id);
      waiting.set(id, { serverId, connection });
      agents
        .dispatch(serverId, { id, type: TASK.keepalive, data: "" })
        .then((outcome) => {
          if (outcome !== "sent") forget();
        })
        .catch(onError);
      return forget;
    },
    /** An agent has answered a keep-alive. */
    onKeepalive(serverId: number, { id }: { readonly id: number }): void {
      const expected = waiting.get(id);
      if (expected?.serverId !== serverId) return;
      waiting.delete(id);
      after(GRACE_MS, () => expected.connection.giveUp());
    },
    /** Orders whose agent has not answered yet. */
    get size() {
      return waiting.size;
    },
  };
}

export type AttachWatch = ReturnType<typeof createAttachWatch>;
