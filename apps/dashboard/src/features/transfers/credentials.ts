import { createHash } from "node:crypto";
import { TRANSFER_STATUS } from "@windfire/api";
import { DAY_MS, isPending, isReverted } from "./model.ts";
import type { Transfer } from "./model.ts";

/** Which secret of which transfer an agent presented. */
export type Presented =
  | { readonly kind: "pending"; readonly transfer: Transfer }
  | { readonly kind: "recovery"; readonly transfer: Transfer; readonly revert: boolean }
  | { readonly kind: "permanent"; readonly serverId: number };

/** What the transfers of one server let its agent sign in with (spec 30 section 7.7). */
export interface Held {
  readonly pending: Transfer | undefined;
  /** An undone move whose agent has not confirmed it yet: both its secrets are good for a day, and the agent is told the way back. */
  readonly recovery: Transfer | undefined;
  readonly permanent: string;
}

const NOTHING: Held = { pending: undefined, recovery: undefined, permanent: "" };

/** @param transfers those of one server, newest first; `owner` of the server, `undefined` when it is gone */
export function heldBy(transfers: readonly Transfer[], owner: number | undefined): Held {
  if (owner === undefined) return NOTHING;
  const pending = transfers.find(isPending);
  const newest = transfers.find((transfer) => !isPending(transfer));
  const isGivenBack = newest !== undefined && (owner === newest.fromUserId || pending?.fromUserId === newest.fromUserId);
  // The move to the owner of now ended with a user, without a way back: what was good before it stays good.
  const isAbandoned = newest !== undefined && isReverted(newest) && owner === newest.toUserId && !isGivenBack;
  const givingAway = pending ?? (isAbandoned ? newest : undefined);
  const holds = (userId: number): boolean => owner === userId || givingAway?.fromUserId === userId;
  return {
    pending,
    recovery: isGivenBack && isReverted(newest) && newest.ackedAt === undefined ? newest : undefined,
    permanent: permanentSecret(transfers, holds),
  };
}

/** The secret that the latest confirmed transfer left with the agent, of those that belong to somebody who holds the server. */
function permanentSecret(transfers: readonly Transfer[], holds: (userId: number) => boolean): string {
  const acked = transfers.filter((transfer) => transfer.ackedAt !== undefined).toSorted((a, b) => b.ackedMs - a.ackedMs || b.id - a.id);
  for (const transfer of acked) {
    if (transfer.status === TRANSFER_STATUS.verified && holds(transfer.toUserId)) return transfer.handshakeSecret;
    if (isReverted(transfer) && holds(transfer.fromUserId)) return transfer.revertSecret;
  }
  return "";
}

/** The credentials that transfers have given to servers, as their rows say. */
export function createCredentials(deps: { readonly now: () => number }) {
  const servers = new Map<number, Held & { readonly digests: readonly string[] }>();
  const byDigest = new Map<string, Presented>();
  const isFresh = (transfer: Transfer): boolean => deps.now() - transfer.updatedMs <= DAY_MS;

  const index = (serverId: number, { pending, recovery, permanent }: Held): string[] => {
    const digests: string[] = [];
    const put = (secret: string, presented: Presented): void => {
      if (secret === "") return;
      const key = digest(secret);
      byDigest.set(key, presented);
      digests.push(key);
    };
    // What counts first is put in last.
    put(permanent, { kind: "permanent", serverId });
    if (recovery) {
      put(recovery.handshakeSecret, { kind: "recovery", transfer: recovery, revert: false });
      put(recovery.revertSecret, { kind: "recovery", transfer: recovery, revert: true });
    }
    if (pending) put(pending.handshakeSecret, { kind: "pending", transfer: pending });
    return digests;
  };
  const order = (serverId: number): Transfer | undefined => {
    const { pending, recovery } = servers.get(serverId) ?? NOTHING;
    return pending ?? (recovery && isFresh(recovery) ? recovery : undefined);
  };

  return {
    pending: (serverId: number): Transfer | undefined => servers.get(serverId)?.pending,
    pendingAll: (): Transfer[] => [...servers.values()].flatMap(({ pending }) => pending ?? []),
    /** An undone move that the agent must still be told of. */
    rollback(serverId: number): Transfer | undefined {
      const transfer = order(serverId);
      return transfer && !isPending(transfer) ? transfer : undefined;
    },
    /** Whose secret it is. Looked up by its digest, so that the time taken tells nothing about it. */
    find(secret: string): Presented | undefined {
      if (secret === "" || byDigest.size === 0) return undefined;
      const found = byDigest.get(digest(secret));
      return found?.kind === "recovery" && !isFresh(found.transfer) ? undefined : found;
    },
    /** Takes in what is held of a server now; `true` when its agent has to be told another secret than before. */
    put(serverId: number, held: Held): boolean {
      const before = order(serverId);
      for (const key of servers.get(serverId)?.digests ?? []) byDigest.delete(key);
      const digests = index(serverId, held);
      if (digests.length === 0) servers.delete(serverId);
      else servers.set(serverId, { ...held, digests });
      const after = order(serverId);
      return after !== undefined && (after.id !== before?.id || after.status !== before.status);
    },
  };
}

export type Credentials = ReturnType<typeof createCredentials>;

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
