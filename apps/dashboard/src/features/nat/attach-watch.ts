import { TASK } from "@windfire/protocol";
import type { Task } from "@windfire/protocol";
import type { Stream, StreamRegistry } from "#features/relay";
import type { DispatchOutcome } from "#kernel";

/** How much later than its answer to the keep-alive an agent's stream may come. */
const GRACE_MS = 1_000;
const LAST_ID = 2 ** 31 - 1;

export interface AttachWatchDeps {
  readonly streams: StreamRegistry;
  readonly dispatch: (serverId: number, task: Task) => DispatchOutcome;
  readonly after: (ms: number, run: () => void) => { cancel(): void };
}

/**
 * Finds out that an agent's stream will not come. Official agents open it before they dial and cancel it at once when the backend is dead;
 * nginx drops what was cancelled before it had a connection of its own to the dashboard, and nobody hears of it. A keep-alive sent after
 * the order tells: the agent handles both side by side, so a stream that is not there shortly after the answer was lost or refused. Agents
 * that do not answer keep-alives have the usual time.
 */
export function createAttachWatch({ streams, dispatch, after }: AttachWatchDeps) {
  const waiting = new Map<number, Stream>();
  let last = 0;
  return {
    /** To be called after the order. @returns to be called when the stream is over */
    expect(stream: Stream): () => void {
      last = last === LAST_ID ? 1 : last + 1;
      const id = last;
      if (dispatch(stream.serverId, { id, type: TASK.keepalive, data: "" }) === "sent") waiting.set(id, stream);
      return () => void waiting.delete(id);
    },
    /** An agent has answered a keep-alive. */
    onKeepalive(serverId: number, { id }: { readonly id: number }): void {
      const stream = waiting.get(id);
      if (stream?.serverId !== serverId) return;
      waiting.delete(id);
      after(GRACE_MS, () => streams.closeUnattached(stream.id));
    },
    /** Orders whose agent has not answered yet. */
    get size() {
      return waiting.size;
    },
  };
}

export type AttachWatch = ReturnType<typeof createAttachWatch>;
