import { TRANSFER_STATUS } from "@windfire/api";
import type { MoveResult } from "@windfire/api";
import { canManageServer, reachesServer } from "#access/policy";
import type { ServerDirectory } from "#features/servers";
import { isAdmin, refuse, refuseText, requireUser, userOf } from "#kernel";
import type { Caller } from "#kernel";
import { isPending, isTooOld, TOO_OLD } from "./model.ts";
import type { Transfer } from "./model.ts";
import type { Moves } from "./moves.ts";
import type { TransferStore } from "./store.ts";

export interface TransferCommandDeps {
  readonly store: TransferStore;
  readonly moves: Moves;
  readonly servers: ServerDirectory;
  readonly userExists: (userId: number) => boolean;
  readonly onError: (error: unknown) => void;
}

/** Rows a caller may see: administrators all, others where they give, get or began; within a token's server list (spec 10 section 13.2). */
export function canSeeTransfer(caller: Caller, transfer: Transfer): boolean {
  const user = userOf(caller);
  if (!user || !reachesServer(caller, transfer.serverId)) return false;
  return isAdmin(caller) || [transfer.fromUserId, transfer.toUserId, transfer.initiatorId].includes(user.id);
}

/** What a caller may do with transfers (spec 11 sections 1.8 and 12). */
export function createTransferCommands(deps: TransferCommandDeps) {
  const { store, moves, servers } = deps;

  const moveOne = async (caller: Caller, serverId: number, toUserId: number): Promise<MoveResult> => {
    const server = servers.get(serverId);
    if (!server || !canManageServer(caller, server.settings)) return { server_id: serverId, status: "server_not_found" };
    if (server.settings.ownerId === toUserId) return { server_id: serverId, status: "same_owner" };
    if (isTooOld(server.host?.version ?? "")) return { server_id: serverId, status: "agent_too_old", error: TOO_OLD };
    try {
      const transfer = await moves.start({ server, toUserId, initiatorId: requireUser(caller).id });
      return transfer === "already"
        ? { server_id: serverId, status: "already_transferring" }
        : { server_id: serverId, status: "pending", transfer_id: transfer.id };
    } catch (error) {
      deps.onError(error);
      return { server_id: serverId, status: "server_not_found", error: "database error" };
    }
  };

  return {
    async list(caller: Caller): Promise<Transfer[]> {
      return (await store.all()).filter((transfer) => canSeeTransfer(caller, transfer));
    },
    /** One result for each id, in their order. */
    async move(caller: Caller, ids: readonly number[], toUserId: number): Promise<MoveResult[]> {
      if (toUserId === 0) throw refuse("user id is required");
      if (!isAdmin(caller) && userOf(caller)?.id !== toUserId) throw refuse("permission denied");
      if (!deps.userExists(toUserId)) throw refuse("user id %d does not exist", toUserId);
      const results: MoveResult[] = [];
      for (const id of ids) results.push(await moveOne(caller, id, toUserId));
      return results;
    },
    /** The row in its new state; one that has ended is given back as it is. */
    async cancel(caller: Caller, id: number): Promise<Transfer> {
      const transfer = await store.find(id);
      const mine = transfer && (isAdmin(caller) || userOf(caller)?.id === transfer.fromUserId);
      if (!transfer || !mine || !reachesServer(caller, transfer.serverId)) throw refuse("permission denied");
      if (!isPending(transfer)) return transfer;
      return (await moves.revert(transfer, TRANSFER_STATUS.cancelled, "")) ?? (await store.find(id)) ?? transfer;
    },
    /** A new transfer to the same user, from whoever owns the server now. */
    async retry(caller: Caller, id: number): Promise<Transfer> {
      if (!isAdmin(caller)) throw refuse("permission denied");
      const transfer = await store.find(id);
      if (!transfer) throw refuse("database error");
      if (!reachesServer(caller, transfer.serverId)) throw refuse("permission denied");
      if (isPending(transfer)) throw refuseText(`cannot retry a non-terminal transfer (status=${transfer.status})`);
      const server = servers.get(transfer.serverId);
      if (!server) throw refuseText("record not found");
      if (!deps.userExists(transfer.toUserId)) throw refuseText(`target user ${transfer.toUserId} not found`);
      if (server.settings.ownerId === transfer.toUserId) throw refuseText("server already belongs to the target user");
      if (isTooOld(server.host?.version ?? "")) throw refuseText(TOO_OLD);
      const next = await moves.start({ server, toUserId: transfer.toUserId, initiatorId: requireUser(caller).id });
      if (next === "already") throw refuseText("server already has an in-flight transfer");
      return next;
    },
  };
}

export type TransferCommands = ReturnType<typeof createTransferCommands>;
