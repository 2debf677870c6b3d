import { z } from "zod";
import { count, id, uint8 } from "./numbers.ts";
import { time } from "./text.ts";

/** `status` of a transfer (spec 11 section 12.1). */
export const TRANSFER_STATUS = {
  pending: 0,
  verified: 1,
  failed: 2,
  timeout: 3,
  cancelled: 4,
} as const;
export type TransferStatus = (typeof TRANSFER_STATUS)[keyof typeof TRANSFER_STATUS];

/** Move of a server to another owner: `GET /transfer`, and each text frame of `ws/transfer`. */
export const Transfer = z
  .object({
    id,
    created_at: time,
    updated_at: time,
    server_id: id,
    from_user_id: count.meta({ description: "0: the deployment-wide agent secret" }),
    to_user_id: id,
    initiator_id: id,
    status: uint8.meta({ description: "0 pending, 1 verified, 2 failed, 3 timeout, 4 cancelled" }),
    last_error: z.string().optional(),
    acked_at: time.optional().meta({ description: "When the agent came back with its new credential" }),
  })
  .meta({ id: "Transfer" });
export type Transfer = z.output<typeof Transfer>;
