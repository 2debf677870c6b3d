import type { QuotaRefusal, Stream, StreamClose, StreamEnd, StreamRequest } from "#kernel";
import { createFlow, OTHER } from "./flow.ts";
import { createUserEnds } from "./user-ends.ts";
import type { AttachOutcome, Entry, Side, StreamLimits } from "./flow.ts";

export type { AttachOutcome, StreamLimits } from "./flow.ts";

export interface StreamDeps {
  /** Streams that other processes keep, which count against the quotas; none unless given. */
  readonly elsewhere?: { total(): number; ofUser(userId: number): number } | undefined;
  readonly limits: StreamLimits;
  readonly newId: () => string;
  readonly after: (ms: number, run: () => void) => { cancel(): void };
}

/**
 * Pairs browser ends and agent ends by stream id (spec 20 section 8). An entry lives from its creation to the end of either side; it
 * counts against the quotas all that time, and goes by itself when nobody attaches.
 */
export function createStreamRegistry(deps: StreamDeps) {
  const entries = new Map<string, Entry>();
  const count = (match: (stream: Stream) => boolean): number => [...entries.values()].filter((entry) => match(entry.stream)).length;

  const close = (id: string, reason: StreamClose): void => {
    const entry = entries.get(id);
    if (!entry) return;
    entries.delete(id);
    entry.timer.cancel();
    (entry.ends.user ?? entry.lost)?.close(reason);
    entry.ends.agent?.close(reason);
  };

  const { attach, deliver } = createFlow({ ...deps, close });
  const relay = (id: string, side: Side, bytes: Uint8Array): void => {
    const entry = entries.get(id);
    if (entry && bytes.length > 0) deliver(entry, side, bytes);
  };

  return {
    get size() {
      return entries.size;
    },
    /** @param id its name; a new one unless given */
    create(request: StreamRequest, id = deps.newId()): Stream | { readonly refused: QuotaRefusal } {
      const { creatorId } = request;
      const ofUser = (): number => count((stream) => stream.creatorId === creatorId) + (deps.elsewhere?.ofUser(creatorId) ?? 0);
      if (creatorId !== 0 && ofUser() >= deps.limits.perUser) return { refused: "too many concurrent streams for this user" };
      if (count((stream) => stream.serverId === request.serverId) >= deps.limits.perServer)
        return { refused: "too many concurrent streams for this server" };
      if (entries.size + (deps.elsewhere?.total() ?? 0) >= deps.limits.total) return { refused: "too many concurrent streams" };
      const stream = { ...request, id };
      const timer = deps.after(deps.limits.unattachedMs, () => close(stream.id, "timeout"));
      entries.set(stream.id, {
        stream,
        ends: { user: undefined, agent: undefined },
        backlog: { user: [], agent: [] },
        backlogBytes: { user: 0, agent: 0 },
        lost: undefined,
        isOver: false,
        timer,
      });
      return stream;
    },
    list: (): Stream[] => [...entries.values()].map(({ stream }) => stream),
    find: (id: string): Stream | undefined => entries.get(id)?.stream,
    ...createUserEnds({ entries, attach, close, after: deps.after }),
    /** The agent's end: only the agent of the stream's server. */
    attachAgent(id: string, serverId: number, end: StreamEnd): AttachOutcome {
      const entry = entries.get(id);
      return entry?.stream.serverId === serverId ? attach(entry, "agent", end) : "unknown";
    },
    fromUser: (id: string, bytes: Uint8Array) => relay(id, "agent", bytes),
    fromAgent: (id: string, bytes: Uint8Array) => relay(id, "user", bytes),
    /** One end has caught up: the other is read again. */
    drained(id: string, side: Side): void {
      entries.get(id)?.ends[OTHER[side]]?.resume();
    },
    /** One end is behind: the other is not read until it has caught up. */
    pressed(id: string, side: Side): void {
      entries.get(id)?.ends[OTHER[side]]?.pause();
    },
    close,
    /** The agent has gone. Its last words wait for a browser that has not attached yet, as long as it may take to. */
    agentEnded(id: string): void {
      const entry = entries.get(id);
      if (entry?.ends.user === undefined && entry?.backlog.user.length) entry.isOver = true;
      else close(id, "peer-ended");
    },
    /** Nothing is known of the agent's end, and nothing will come: it counts as one that has ended. */
    closeUnattached(id: string): void {
      if (!entries.get(id)?.ends.agent) close(id, "peer-ended");
    },
    /** Every stream that matches ends at once: server deleted or moved, feature switched off. @returns how many there were */
    closeWhere(match: (stream: Stream) => boolean, reason: StreamClose): number {
      const ending = [...entries.values()].filter(({ stream }) => match(stream));
      for (const { stream } of ending) close(stream.id, reason);
      return ending.length;
    },
  };
}

export type StreamRegistry = ReturnType<typeof createStreamRegistry>;
