import { z } from "zod";
import { ids } from "./lists.ts";
import { count, id, rowId } from "./numbers.ts";

/** `POST /batch-move/server` (spec 11 section 1.8). */
export const BatchMove = z
  .object({ ids: ids.default([]), to_user: rowId.default(0) })
  .meta({ id: "BatchMove", examples: [{ ids: [4, 9], to_user: 3 }] });
export type BatchMove = z.output<typeof BatchMove>;
export type BatchMoveInput = z.input<typeof BatchMove>;

export const MOVE_STATUSES = [
  "pending",
  "server_not_found",
  "same_owner",
  "already_transferring",
  "agent_too_old",
  "permission_denied",
] as const;
export type MoveStatus = (typeof MOVE_STATUSES)[number];

export const MoveResult = z
  .object({
    server_id: count,
    status: z.enum(MOVE_STATUSES),
    transfer_id: id.optional(),
    error: z.string().optional(),
  })
  .meta({ id: "MoveResult", examples: [{ server_id: 4, status: "pending", transfer_id: 12 }] });
export type MoveResult = z.output<typeof MoveResult>;
