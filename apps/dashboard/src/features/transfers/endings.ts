import { TRANSFER_STATUS } from "@windfire/api";
import { refuseText } from "#kernel";
import { SYSTEM } from "#platform/audit";
import type { Actor, AuditLog } from "#platform/audit";
import type { Changes, Database, Queries } from "#platform/database";
import type { Transfer } from "./model.ts";
import { TRANSFER_SECRETS, transferKind, transferStore } from "./store.ts";
import type { TransferEnd } from "./store.ts";

const KIND = transferKind.name;

export interface EndingDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  /** Writes the owner of a server in the transaction; `false` when there is no such row. */
  readonly setOwner: (tx: Queries, changes: Changes, serverId: number, ownerId: number) => Promise<boolean>;
}

/** How transfers end; each end is first won in the database. */
export interface Endings {
  /** Gives the server back. A transfer that has ended stays as it is. The owner's line goes before the transfer's, as at the start. */
  revert(id: number, end: TransferEnd, actor?: Actor, authorise?: (stored: Transfer | undefined) => void): Promise<Transfer | undefined>;
  /** Ends without giving back: who it would go back to, or the server, is gone. */
  close(tx: Queries, changes: Changes, transfer: Transfer, lastError: string): Promise<void>;
  /** The agent came with its new secret; `false` when the transfer had ended before. */
  verify(transfer: Transfer): Promise<boolean>;
  /** The agent came with the secret of the way back. */
  confirmRevert(transfer: Transfer): Promise<void>;
}

/** See {@link Endings}. */
export function createEndings({ database, audit, now, setOwner }: EndingDeps): Endings {
  const note = createTransferNote(audit);
  return {
    revert: (id, end, actor = SYSTEM, authorise = () => undefined) =>
      database.change(async (tx, changes) => {
        const stored = await transferStore.find(tx, id);
        authorise(stored);
        const ended = await transferStore.end(tx, id, end, now());
        if (!ended) return stored;
        if (!(await setOwner(tx, changes, ended.serverId, ended.fromUserId))) throw refuseText("record not found");
        changes.put(KIND, id);
        await note(tx, actor, ENDINGS[end.status], ended, stored);
        return ended;
      }),
    async close(tx, changes, transfer, lastError) {
      const ended = await transferStore.end(tx, transfer.id, { status: TRANSFER_STATUS.cancelled, lastError }, now());
      if (!ended) return;
      changes.put(KIND, transfer.id);
      await note(tx, SYSTEM, "cancel", ended, transfer);
    },
    verify: (transfer) =>
      database.change(async (tx, changes) => {
        const end = { status: TRANSFER_STATUS.verified, lastError: "", ackedMs: now() } as const;
        const ended = await transferStore.end(tx, transfer.id, end, now());
        if (!ended) return false;
        changes.put(KIND, transfer.id);
        await note(tx, SYSTEM, "verify", ended, transfer);
        return true;
      }),
    confirmRevert: (transfer) =>
      database.change(async (tx, changes) => {
        const acked = await transferStore.acknowledge(tx, transfer.id, now());
        if (!acked) return;
        changes.put(KIND, transfer.id);
        await note(tx, SYSTEM, "confirm", acked, transfer);
      }),
  };
}

/** Writes the audit line of a step of a transfer. */
export function createTransferNote(audit: Pick<AuditLog, "write">) {
  return (tx: Queries, actor: Actor, action: string, to: Transfer, from?: Transfer): Promise<void> =>
    audit.write(tx, { actor, action: `transfer.${action}`, kind: KIND, key: to.id, from, to, secrets: TRANSFER_SECRETS });
}

/** As the audit log names them. */
const ENDINGS: Record<TransferEnd["status"], string> = {
  [TRANSFER_STATUS.verified]: "verify",
  [TRANSFER_STATUS.failed]: "fail",
  [TRANSFER_STATUS.timeout]: "timeout",
  [TRANSFER_STATUS.cancelled]: "cancel",
};
