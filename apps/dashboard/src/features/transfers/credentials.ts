import { createHash } from "node:crypto";
import { TRANSFER_STATUS } from "@windfire/api";
import { DAY_MS, isPending, isReverted } from "./model.ts";
import type { Transfer } from "./model.ts";

/** Which secret of which transfer an agent presented. */
export type Presented =
  | { readonly kind: "pending"; readonly transfer: Transfer }
  | { readonly kind: "recovery"; readonly transfer: Transfer; readonly revert: boolean }
  | { readonly kind: "permanent"; readonly serverId: number };

/** The credentials that transfers have given to servers (spec 30 sections 7.5 and 7.7). In memory; the rows are written first. */
export function createCredentials(deps: { readonly now: () => number }) {
  const pending = new Map<number, Transfer>();
  /** Undone moves whose agent has not confirmed yet: both its secrets are still good. */
  const recovery = new Map<number, Transfer>();
  /** Undone moves that the agent must still be told of. */
  const rollbacks = new Map<number, Transfer>();
  const permanent = new Map<number, string>();

  let byDigest: Map<string, Presented> | undefined;

  const fresh = (transfer: Transfer | undefined): Transfer | undefined =>
    transfer && deps.now() - transfer.updatedMs <= DAY_MS ? transfer : undefined;

  /** What is looked at first is put in last. */
  const indexed = (): Map<string, Presented> => {
    const index = new Map<string, Presented>();
    const put = (secret: string, presented: Presented): void => void (secret !== "" && index.set(digest(secret), presented));
    for (const [serverId, secret] of permanent) put(secret, { kind: "permanent", serverId });
    for (const transfer of recovery.values()) {
      put(transfer.handshakeSecret, { kind: "recovery", transfer, revert: false });
      put(transfer.revertSecret, { kind: "recovery", transfer, revert: true });
    }
    for (const transfer of pending.values()) put(transfer.handshakeSecret, { kind: "pending", transfer });
    return index;
  };

  return {
    pending: (serverId: number): Transfer | undefined => pending.get(serverId),
    pendingAll: (): Iterable<Transfer> => pending.values(),
    rollback: (serverId: number): Transfer | undefined => fresh(rollbacks.get(serverId)),
    /** Whose secret it is. Looked up by its digest, so that the time taken tells nothing about it. */
    find(secret: string): Presented | undefined {
      if (secret === "" || permanent.size + recovery.size + pending.size === 0) return undefined;
      byDigest ??= indexed();
      const found = byDigest.get(digest(secret));
      return found?.kind === "recovery" && !fresh(found.transfer) ? undefined : found;
    },
    began(transfer: Transfer): void {
      byDigest = undefined;
      pending.set(transfer.serverId, transfer);
      rollbacks.delete(transfer.serverId);
    },
    verified({ serverId, handshakeSecret, id }: Transfer): void {
      byDigest = undefined;
      if (pending.get(serverId)?.id === id) pending.delete(serverId);
      recovery.delete(serverId);
      rollbacks.delete(serverId);
      permanent.set(serverId, handshakeSecret);
    },
    /** Ended without a way back: what the agent signs in with otherwise stays good. */
    abandoned({ serverId, id }: Transfer): void {
      byDigest = undefined;
      if (pending.get(serverId)?.id === id) pending.delete(serverId);
    },
    reverted(transfer: Transfer): void {
      byDigest = undefined;
      if (pending.get(transfer.serverId)?.id === transfer.id) pending.delete(transfer.serverId);
      recovery.set(transfer.serverId, transfer);
      rollbacks.set(transfer.serverId, transfer);
    },
    confirmedRevert({ serverId, revertSecret }: Transfer): void {
      byDigest = undefined;
      recovery.delete(serverId);
      rollbacks.delete(serverId);
      permanent.set(serverId, revertSecret);
    },
    forget(serverId: number): void {
      byDigest = undefined;
      for (const index of [pending, recovery, rollbacks]) index.delete(serverId);
      permanent.delete(serverId);
    },
    /** Rebuilds everything from the rows, in any order, at the start; of two for one server the newer one counts. */
    load(transfers: readonly Transfer[], ownerOf: (serverId: number) => number | undefined): void {
      for (const transfer of transfers.toSorted((a, b) => a.id - b.id)) {
        const owner = ownerOf(transfer.serverId);
        if (owner === undefined) continue;
        if (isPending(transfer)) pending.set(transfer.serverId, transfer);
        else if (isReverted(transfer) && transfer.ackedAt === undefined && fresh(transfer) && owner === transfer.fromUserId) {
          recovery.set(transfer.serverId, transfer);
          rollbacks.set(transfer.serverId, transfer);
        }
      }
      const acked = transfers.filter((transfer) => transfer.ackedAt !== undefined).toSorted((a, b) => a.ackedMs - b.ackedMs || a.id - b.id);
      for (const transfer of acked) {
        const secret = permanentSecret(transfer, ownerOf(transfer.serverId), pending.get(transfer.serverId)?.fromUserId);
        if (secret) permanent.set(transfer.serverId, secret);
      }
    },
  };
}

export type Credentials = ReturnType<typeof createCredentials>;

/** The secret an acknowledged transfer left with the agent, while the owner it belongs to still has the server or is giving it away. */
function permanentSecret(transfer: Transfer, owner: number | undefined, givingAway: number | undefined): string | undefined {
  const holds = (userId: number): boolean => owner === userId || givingAway === userId;
  if (transfer.status === TRANSFER_STATUS.verified) return holds(transfer.toUserId) ? transfer.handshakeSecret : undefined;
  return isReverted(transfer) && holds(transfer.fromUserId) ? transfer.revertSecret : undefined;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
