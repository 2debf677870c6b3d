import { TRANSFER_STATUS } from "@windfire/api";
import type { MoveResult } from "@windfire/api";
import { canManageServer, reachesServer } from "#access/policy";
import type { Server, ServerDirectory } from "#features/servers";
import { isAdmin, refuse, refuseText, userOf } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import { isPending, isTooOld, TOO_OLD } from "./model.ts";
import type { Transfer } from "./model.ts";
import type { Moves } from "./moves.ts";
import type { TransferRecords } from "./store.ts";

export interface TransferCommandDeps {
  readonly transfers: Pick<TransferRecords, "get" | "list">;
  readonly moves: Pick<Moves, "start" | "revert">;
  readonly servers: Pick<ServerDirectory, "get">;
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
  const { transfers, moves } = deps;
  const isOld = (serverId: number): boolean => isTooOld(deps.servers.get(serverId)?.host?.version ?? "");

  const moveOne = async (caller: Caller, serverId: number, toUserId: number): Promise<MoveResult> => {
    const objection = (server: Server | undefined, isMoving: boolean): MoveResult | undefined => {
      if (!server || !canManageServer(caller, server)) return { server_id: serverId, status: "server_not_found" };
      if (server.ownerId === toUserId) return { server_id: serverId, status: "same_owner" };
      if (isOld(serverId)) return { server_id: serverId, status: "agent_too_old", error: TOO_OLD };
      return isMoving ? { server_id: serverId, status: "already_transferring" } : undefined;
    };
    try {
      const outcome = await moves.start({ serverId, toUserId, caller, objection });
      return "began" in outcome ? { server_id: serverId, status: "pending", transfer_id: outcome.began.id } : outcome.objection;
    } catch (error) {
      deps.onError(error);
      return { server_id: serverId, status: "server_not_found", error: "database error" };
    }
  };

  return {
    list: (caller: Caller): Transfer[] => transfers.list().filter((transfer) => canSeeTransfer(caller, transfer)),
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
      const authorise = (stored: Transfer | undefined): void => {
        const mine = stored && (isAdmin(caller) || userOf(caller)?.id === stored.fromUserId);
        if (!stored || !mine || !reachesServer(caller, stored.serverId)) throw refuse("permission denied");
      };
      const end = { status: TRANSFER_STATUS.cancelled, lastError: "" } as const;
      const ended = await moves.revert(id, end, actorOf(caller), authorise);
      if (!ended) throw refuse("permission denied");
      return ended;
    },
    /** A new transfer to the same user, from whoever owns the server now. */
    async retry(caller: Caller, id: number): Promise<Transfer> {
      if (!isAdmin(caller)) throw refuse("permission denied");
      const transfer = transfers.get(id);
      if (!transfer) throw refuse("database error");
      const { serverId, toUserId } = transfer;
      if (!reachesServer(caller, serverId)) throw refuse("permission denied");
      if (isPending(transfer)) throw refuseText(`cannot retry a non-terminal transfer (status=${transfer.status})`);
      const objection = (server: Server | undefined, isMoving: boolean): string | undefined => {
        if (!server) return "record not found";
        if (!deps.userExists(toUserId)) return `target user ${toUserId} not found`;
        if (server.ownerId === toUserId) return "server already belongs to the target user";
        if (isOld(serverId)) return TOO_OLD;
        return isMoving ? "server already has an in-flight transfer" : undefined;
      };
      const outcome = await moves.start({ serverId, toUserId, caller, objection });
      if ("objection" in outcome) throw refuseText(outcome.objection);
      return outcome.began;
    },
  };
}

export type TransferCommands = ReturnType<typeof createTransferCommands>;
