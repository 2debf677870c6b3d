import { z } from "zod";
import { id } from "./numbers.ts";
import { time } from "./text.ts";

/** What a message is and what became of it (spec 30 section 3.7). */
export const DELIVERY_STATES = ["waiting", "sending", "sent", "cancelled", "dead"] as const;
export const DeliveryState = z.enum(DELIVERY_STATES);

/** `GET /delivery` (ours): one message on its way through one channel. */
export const Delivery = z
  .object({
    id,
    notification: id.meta({ description: "Channel it goes through" }),
    group: id.meta({ description: "Notification group it was meant for" }),
    kind: z.enum(["incident", "reminder", "recovery", "state", "other"]),
    state: DeliveryState,
    attempts: z.int(),
    text: z.string(),
    created_at: time,
    next_try_at: time.optional().meta({ description: "While it waits" }),
    settled_at: time.optional().meta({ description: "When it came to an end" }),
    error: z.string().optional().meta({ description: "Why the last attempt failed, or why it is not sent; never an address" }),
  })
  .meta({ id: "Delivery" });
export type Delivery = z.output<typeof Delivery>;
