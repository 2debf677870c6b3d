import { connectionOf } from "#features/fleet";
import type { StreamRegistry } from "#features/relay";
import type { StreamConnection } from "#kernel";
import type { Bus } from "#platform/bus";
import { encodeFrame } from "./channel-frame.ts";
import type { ChannelFrame } from "./channel-frame.ts";
import { createHomeEnd } from "./home-end.ts";
import type { HomeEnd } from "./home-end.ts";
import { joinedMessage, joinMessage } from "./messages.ts";

export interface HomeEndsDeps {
  readonly bus: Pick<Bus, "send">;
  readonly streams: StreamRegistry;
  readonly pauseBytes: number;
  readonly backlogBytes: number;
}

interface Channel {
  readonly near: string;
  readonly home: HomeEnd;
  readonly joined: StreamConnection;
}

/** Streams of this replica with an end that came at another one. */
export function createHomeEnds({ bus, streams, pauseBytes, backlogBytes }: HomeEndsDeps) {
  const channels = new Map<string, Channel>();
  const keyOf = (near: string, channel: number): string => `${near} ${channel}`;
  return {
    /** Answers a question to join. */
    join(near: string, question: Uint8Array): Uint8Array {
      const asked = joinMessage.decode(question);
      if (!asked) return joinedMessage.encode({ outcome: "unknown" });
      const { channel, id, serverId, instead } = asked;
      const key = keyOf(near, channel);
      const home = createHomeEnd({
        say: (frame) => bus.send(near, "stream", encodeFrame({ ...frame, to: "near", channel })) === "sent",
        pauseBytes,
        backlogBytes,
        isOpen: () => channels.has(key),
        onOver: () => channels.delete(key),
      });
      const isAgent = serverId !== undefined;
      channels.set(key, { near, home, joined: isAgent ? agentConnection(streams, id) : connectionOf(streams, id, home.end) });
      const outcome = isAgent
        ? streams.attachAgent(id, serverId, home.end)
        : streams.attachUser(id, home.end, instead ? "instead" : undefined);
      if (outcome !== "attached") channels.delete(key);
      return joinedMessage.encode({ outcome });
    },
    /** What an end says to a stream here. @returns false: there is no such end */
    take(from: string, frame: ChannelFrame): boolean {
      const channel = channels.get(keyOf(from, frame.channel));
      channel?.home.take(frame, channel.joined);
      return channel !== undefined;
    },
    /** A replica is gone, or all: so are the ends that came there, but for those that were lost before. */
    endOf(near?: string): void {
      for (const channel of channels.values()) {
        if (!channel.home.isHeld && (near === undefined || channel.near === near)) channel.joined.close("peer-ended");
      }
    },
  };
}

export type HomeEnds = ReturnType<typeof createHomeEnds>;

/** An agent's end of a stream, seen as those of people are. */
function agentConnection(streams: StreamRegistry, id: string): StreamConnection {
  return {
    send: (bytes) => streams.fromAgent(id, bytes),
    drained: () => streams.drained(id, "agent"),
    pressed: () => streams.pressed(id, "agent"),
    close: (reason) => (reason === "peer-ended" ? streams.agentEnded(id) : streams.close(id, reason)),
    giveUp: () => undefined,
    hold: () => undefined,
  };
}
