import { BatchMove, MoveResult, Transfer as TransferView } from "@windfire/api";
import { z } from "zod";
import { scope } from "#kernel";
import { idParams, listQuery, route, selectByIds } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { TransferCommands } from "./commands.ts";
import type { Transfer } from "./model.ts";

export const tag = "transfer";

/** What is shown of a transfer: never its secrets. */
export function shown(transfer: Transfer): TransferView {
  return {
    id: transfer.id,
    created_at: transfer.createdAt,
    updated_at: transfer.updatedAt,
    server_id: transfer.serverId,
    from_user_id: transfer.fromUserId,
    to_user_id: transfer.toUserId,
    initiator_id: transfer.initiatorId,
    status: transfer.status,
    ...(transfer.lastError === "" ? {} : { last_error: transfer.lastError }),
    ...(transfer.ackedAt === undefined ? {} : { acked_at: transfer.ackedAt }),
  };
}

/** Transfers over HTTP (spec 11 sections 1.8 and 12). */
export function transferRoutes(commands: TransferCommands): AnyRoute[] {
  return [
    route({
      method: "POST",
      path: "/batch-move/server",
      access: scope("nezha:server:write"),
      summary: "Give servers to another user; one result for each",
      tag,
      body: BatchMove,
      data: z.array(MoveResult),
      run: ({ caller, body }) => commands.move(caller, body.ids, body.to_user),
    }),
    route({
      method: "GET",
      path: "/transfer",
      access: scope("nezha:transfer:read"),
      summary: "Transfers, newest first",
      tag,
      query: listQuery,
      data: z.array(TransferView),
      run: ({ caller, query }) => selectByIds(commands.list(caller), query.id, (transfer) => transfer.id).map(shown),
    }),
    route({
      method: "POST",
      path: "/transfer/:id/cancel",
      access: scope("nezha:transfer:write"),
      summary: "Undo a pending transfer",
      tag,
      params: idParams,
      data: TransferView,
      run: async ({ caller, params }) => shown(await commands.cancel(caller, params.id)),
    }),
    route({
      method: "POST",
      path: "/transfer/:id/retry",
      access: scope("nezha:transfer:write"),
      summary: "Begin a transfer that has ended anew (administrators)",
      tag,
      params: idParams,
      data: TransferView,
      run: async ({ caller, params }) => shown(await commands.retry(caller, params.id)),
    }),
  ];
}
