import { z } from "zod";
import { count, id, int64, unixMs } from "./numbers.ts";
import { Host, State } from "./host.ts";
import { conditionFields } from "./server.ts";
import { time } from "./text.ts";

const text = z.string().optional();

const members = {
  name: text,
  public_note: text.meta({ description: "Only in the first frame of a connection" }),
  display_index: int64.optional().meta({ description: "Left out when 0" }),
  host: Host,
  state: State,
  country_code: text,
  last_active: time.meta({
    description: "Zero time: offline. Online when it is at most 30 s ago",
  }),
  ...conditionFields,
};

/** A server in a frame of `ws/server` (spec 11 section 3.1). */
export const LiveServer = z.object({ id, ...members }).meta({ id: "LiveServer" });
export type LiveServer = z.output<typeof LiveServer>;

const head = {
  now: unixMs.meta({ description: "Clock of the dashboard, Unix milliseconds, whole seconds" }),
  online: count.optional().meta({ description: "Open viewers, not servers; left out when 0" }),
};

/** One text frame of `ws/server`, every 2 s, without envelope. */
export const LiveFrame = z
  .object({ ...head, servers: z.array(LiveServer).optional().meta({ description: "Left out when empty" }) })
  .meta({ id: "LiveFrame" });
export type LiveFrame = z.output<typeof LiveFrame>;

/** Query of `ws/server`. */
export const LiveQuery = z.object({
  delta: z
    .string()
    .regex(/^([0-9a-f]{1,16}\.\d{1,15})?$/, "must be empty, or stream and number of the last frame: stream.seq")
    .optional()
    .meta({
      description:
        "Ours: a snapshot and then what changed. Empty, or `stream.seq` of the last frame taken in, to go on from there where that is still known",
    }),
});
export type LiveQuery = z.output<typeof LiveQuery>;

const place = {
  ...head,
  seq: count.meta({ description: "Grows by one with each frame of a stream" }),
};

/** A frame of `ws/server?delta=` to begin with (ours). Every server is whole, its public note included. */
export const LiveSnapshot = z
  .object({
    ...place,
    stream: z.string().meta({ description: "Another one begins with each start of the dashboard, and sooner where nobody looks" }),
    servers: z.array(LiveServer),
  })
  .meta({ id: "LiveSnapshot" });
export type LiveSnapshot = z.output<typeof LiveSnapshot>;

/** What changed of a server: a member replaces the one before, `null` takes it away; members of `state` likewise. */
export const LiveChange = z
  .object({
    id,
    ...z.object(members).partial().shape,
    state: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: "LiveChange" });
export type LiveChange = z.output<typeof LiveChange>;

/** The frame of `ws/server?delta=` that follows the one before it by number (ours). */
export const LiveDelta = z
  .object({
    ...place,
    changed: z.array(LiveChange).optional().meta({ description: "Servers that were not there before are whole" }),
    ids: z.array(id).optional().meta({ description: "All servers in order, when one came, went or moved" }),
  })
  .meta({ id: "LiveDelta" });
export type LiveDelta = z.output<typeof LiveDelta>;
