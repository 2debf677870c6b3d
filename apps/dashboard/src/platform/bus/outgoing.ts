import { envelopeBytes, MOST_PARTS } from "./envelope.ts";
import type { Envelopes, Part } from "./envelope.ts";
import type { Wire } from "./wire.ts";

/** `lost`: nobody hears it; `full`: too much waits already, or it is too long. */
export type Sending = "sent" | "lost" | "full";

/** One message, before it is cut into parts. */
export type Outgoing = Pick<Part, "kind" | "number" | "topic" | "body"> & { readonly patience?: number };

export interface OutgoingDeps {
  readonly wire: Wire;
  readonly envelopes: Pick<Envelopes, "seal">;
  readonly monotonic: () => number;
  readonly mostBytes: number;
}

/** Sends messages in as many parts as the wire makes of them. */
export function createOutgoing({ wire, envelopes, monotonic, mostBytes }: OutgoingDeps) {
  const counters = { messages: 0, bytes: 0, full: 0 };
  return {
    counters,
    give(subject: string, message: Outgoing): Sending {
      if (wire.state === "lost") return "lost";
      const { body, topic } = message;
      const size = wire.largest - envelopeBytes(topic);
      const parts = Math.max(1, Math.ceil(body.length / size));
      if (parts > MOST_PARTS || wire.waiting + body.length > mostBytes) {
        counters.full++;
        return "full";
      }
      const sentAt = Math.floor(monotonic());
      for (let part = 0; part < parts; part++) {
        const sealed = envelopes.seal({
          patience: 0,
          ...message,
          part,
          parts,
          sentAt,
          body: body.subarray(part * size, (part + 1) * size),
        });
        wire.send(subject, sealed);
        counters.bytes += sealed.length;
      }
      counters.messages++;
      return "sent";
    },
  };
}
