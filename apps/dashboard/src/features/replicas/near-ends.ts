import type { StreamConnection, StreamEnd } from "#kernel";
import type { Bus } from "#platform/bus";
import { encodeFrame } from "./channel-frame.ts";
import type { ChannelFrame } from "./channel-frame.ts";
import { STREAM_ANSWER_MS } from "./limits.ts";
import { joinedMessage, joinMessage } from "./messages.ts";
import { createNearEnd } from "./near-end.ts";
import type { NearEnd } from "./near-end.ts";

export interface NearEndsDeps {
  readonly bus: Pick<Bus, "send" | "request">;
  readonly pauseBytes: number;
}

/** How an end comes to a stream: as the agent of this server, or in the place of another. */
export interface Coming {
  readonly serverId?: number;
  readonly instead?: boolean;
}

/** Ends that came at this replica, of streams that others keep. */
export function createNearEnds({ bus, pauseBytes }: NearEndsDeps) {
  const channels = new Map<number, { readonly home: string; readonly near: NearEnd }>();
  let last = 0;
  return {
    async join(home: string, id: string, end: StreamEnd, coming: Coming = {}): Promise<StreamConnection | "unknown" | "taken"> {
      const channel = ++last;
      const say = (frame: Pick<ChannelFrame, "kind"> & Partial<ChannelFrame>): boolean =>
        bus.send(home, "stream", encodeFrame({ ...frame, to: "home", channel })) === "sent";
      const near = createNearEnd({ end, say, pauseBytes, onOver: () => channels.delete(channel) });
      // What the other end said before comes before the answer.
      channels.set(channel, { home, near });
      const question = joinMessage.encode({ instead: false, ...coming, channel, id });
      const answer = await bus.request(home, "join", question, STREAM_ANSWER_MS);
      const outcome = answer === "no-answer" ? "unknown" : (joinedMessage.decode(answer)?.outcome ?? "unknown");
      if (outcome === "attached") return near.connection;
      channels.delete(channel);
      // The answer alone may have been late.
      say({ kind: "close" });
      return outcome;
    },
    /** What a stream says to an end here. @returns false: there is no such end */
    take(from: string, frame: ChannelFrame): boolean {
      const channel = channels.get(frame.channel);
      if (channel?.home !== from) return false;
      channel.near.take(frame);
      return true;
    },
    /** A replica is gone, or all: so are its streams. */
    endOf(home?: string): void {
      for (const channel of channels.values()) if (home === undefined || channel.home === home) channel.near.finish("peer-ended");
    },
  };
}

export type NearEnds = ReturnType<typeof createNearEnds>;
