import type { Clock } from "@windfire/kit";
import { decodeIOStreamData, encodeIOStreamData, parseHandshake } from "@windfire/protocol";
import type { LiveServer } from "#features/servers";
import type { AgentStream } from "./call.ts";
import type { StreamRegistry } from "#features/relay";
import type { StreamEnd } from "#kernel";

const UNKNOWN = 2;
/** Both sides send an empty message so often while a stream is attached (spec 20 section 8.3). */
const KEEP_ALIVE_MS = 30_000;

/** Connects an agent's IOStream call with the stream its first message names (spec 20 section 8.2). */
export function createIoStreams(deps: { registry: StreamRegistry; clock: Clock }): (server: LiveServer, call: AgentStream) => void {
  const keepAlive = encodeIOStreamData({});
  return (server, call) => {
    let id: string | undefined;
    let isRefused = false;
    const refuse = (text: string): void => {
      isRefused = true;
      call.end(UNKNOWN, text);
    };
    /** A call that has not named its stream by the first beat never will. */
    const beat = (): void => {
      if (isRefused) return;
      if (id === undefined) refuse("invalid stream id");
      else call.send(keepAlive);
    };
    const timer = deps.clock.setInterval(beat, KEEP_ALIVE_MS);
    const attach = (bytes: Uint8Array): void => {
      const named = parseHandshake(bytes);
      if (named === undefined) return refuse("invalid stream id");
      const outcome = deps.registry.attachAgent(named, server.id, agentEnd(call));
      if (outcome === "unknown") return refuse("stream not authorized for agent");
      if (outcome === "taken") return refuse("agent stream already connected");
      id = named;
      return undefined;
    };
    call.onMessage((message) => {
      // A call names one stream: one that was refused is not asked again.
      if (isRefused) return;
      const { data } = decodeIOStreamData(message);
      if (id === undefined) attach(data);
      else deps.registry.fromAgent(id, data);
    });
    call.onDrain(() => {
      if (id !== undefined) deps.registry.drained(id, "agent");
    });
    call.onEnd(() => {
      timer.cancel();
      if (id !== undefined) deps.registry.agentEnded(id);
      call.end(0);
    });
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
