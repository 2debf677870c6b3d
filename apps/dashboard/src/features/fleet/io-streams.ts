import type { Clock } from "@windfire/kit";
import { decodeIOStreamData, encodeIOStreamData, parseHandshake } from "@windfire/protocol";
import type { LiveServer } from "#features/servers";
import type { AgentStream } from "./call.ts";
import type { StreamRegistry } from "#features/relay";
import type { StreamEnd } from "#kernel";
import type { OtherReplicas } from "./other-replicas.ts";

const UNKNOWN = 2;
/** Both sides send an empty message so often while a stream is attached (spec 20 section 8.3). */
const KEEP_ALIVE_MS = 30_000;

export interface IoStreamDeps {
  readonly registry: StreamRegistry;
  readonly clock: Clock;
  readonly others?: Pick<OtherReplicas, "joinAsAgent"> | undefined;
  readonly onError: (error: unknown) => void;
}

/** What an agent does with the stream that it has come for. */
interface Joined {
  data(bytes: Uint8Array): void;
  drained(): void;
  ended(): void;
}

/** Connects an agent's IOStream call with the stream its first message names (spec 20 section 8.2). */
export function createIoStreams({ registry, clock, others, onError }: IoStreamDeps): (server: LiveServer, call: AgentStream) => void {
  const keepAlive = encodeIOStreamData({});
  return (server, call) => {
    let joined: Joined | undefined;
    let named: string | undefined;
    let isRefused = false;
    const refuse = (text: string): void => {
      isRefused = true;
      call.end(UNKNOWN, text);
    };
    const settle = (outcome: Joined | "unknown" | "taken"): void => {
      if (outcome === "unknown") refuse("stream not authorized for agent");
      else if (outcome === "taken") refuse("agent stream already connected");
      else joined = outcome;
    };
    /** A call that has not named its stream by the first beat never will. */
    const beat = (): void => {
      if (isRefused) return;
      if (named === undefined) refuse("invalid stream id");
      else call.send(keepAlive);
    };
    const timer = clock.setInterval(beat, KEEP_ALIVE_MS);
    const attach = (bytes: Uint8Array): void => {
      named = parseHandshake(bytes);
      if (named === undefined) return refuse("invalid stream id");
      const outcome = registry.attachAgent(named, server.id, agentEnd(call));
      if (outcome === "attached") joined = endHere(registry, named);
      else if (outcome === "unknown" && others) joined = endElsewhere(others, { id: named, serverId: server.id, call, settle, onError });
      else settle(outcome);
      return undefined;
    };
    call.onMessage((message) => {
      // A call names one stream: one that was refused is not asked again.
      if (isRefused) return;
      const { data } = decodeIOStreamData(message);
      if (named === undefined) attach(data);
      else joined?.data(data);
    });
    call.onDrain(() => joined?.drained());
    call.onEnd(() => {
      timer.cancel();
      joined?.ended();
      call.end(0);
    });
  };
}

function endHere(registry: StreamRegistry, id: string): Joined {
  return {
    data: (bytes) => registry.fromAgent(id, bytes),
    drained: () => registry.drained(id, "agent"),
    ended: () => registry.agentEnded(id),
  };
}

interface Coming {
  readonly id: string;
  readonly serverId: number;
  readonly call: AgentStream;
  readonly settle: (outcome: Joined | "unknown" | "taken") => void;
  readonly onError: (error: unknown) => void;
}

/** Asks whether another replica keeps the stream. The agent is not read meanwhile; what it has sent already is kept. */
function endElsewhere(others: Pick<OtherReplicas, "joinAsAgent">, { id, serverId, call, settle, onError }: Coming): Joined {
  const early: Uint8Array[] = [];
  let isOver = false;
  call.pause();
  others
    .joinAsAgent(id, serverId, agentEnd(call))
    .then((stream) => {
      call.resume();
      if (typeof stream === "string") return settle(stream);
      for (const bytes of early) if (bytes.length > 0) stream.send(bytes);
      settle({
        data: (bytes) => (bytes.length > 0 ? stream.send(bytes) : undefined),
        drained: stream.drained,
        ended: () => stream.close("peer-ended"),
      });
      if (isOver) stream.close("peer-ended");
      return undefined;
    })
    .catch((error: unknown) => {
      settle("unknown");
      onError(error);
    });
  return {
    data: (bytes) => void early.push(bytes),
    drained: () => undefined,
    ended: () => void (isOver = true),
  };
}

function agentEnd(call: AgentStream): StreamEnd {
  return {
    send: (bytes) => call.send(encodeIOStreamData({ data: bytes })),
    unread: () => call.unread(),
    pause: () => call.pause(),
    resume: () => call.resume(),
    close: () => call.end(0),
  };
}
