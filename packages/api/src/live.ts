import { z } from "zod";
import { count, id, int64, unixMs } from "./numbers.ts";
import { conditionFields, Host, State } from "./server.ts";
import { time } from "./text.ts";

const text = z.string().optional();

/** A server in a frame of `ws/server` (spec 11 section 3.1). */
export const LiveServer = z
  .object({
    id,
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
  })
  .meta({ id: "LiveServer" });
export type LiveServer = z.output<typeof LiveServer>;

/** One text frame of `ws/server`, every 2 s, without envelope. */
export const LiveFrame = z
  .object({
    now: unixMs.meta({ description: "Clock of the dashboard, Unix milliseconds, whole seconds" }),
    online: count.optional().meta({ description: "Open viewers, not servers; left out when 0" }),
    servers: z.array(LiveServer).optional().meta({ description: "Left out when empty" }),
  })
  .meta({ id: "LiveFrame" });
export type LiveFrame = z.output<typeof LiveFrame>;
