import { TRANSFER_STATUS } from "@windfire/api";
import type { TransferStatus } from "@windfire/api";
import type { Selectable } from "kysely";
import { readNumber, readOptionalTime, readText, readTime, writeTime } from "#platform/database";
import type { Kept, Queries, ServerTransfersTable } from "#platform/database";
import type { Transfer } from "./model.ts";

function fromRow(row: Selectable<ServerTransfersTable>): Transfer {
  const created = readTime(row.created_at);
  const updated = readTime(row.updated_at);
  const acked = readOptionalTime(row.acked_at);
  return {
    id: row.id,
    serverId: readNumber(row.server_id),
    fromUserId: readNumber(row.from_user_id),
    toUserId: readNumber(row.to_user_id),
    initiatorId: readNumber(row.initiator_id),
    status: readNumber(row.status) as TransferStatus,
    lastError: readText(row.last_error),
    ackedAt: acked?.rfc3339,
    ackedMs: acked?.epochMs ?? 0,
    createdAt: created.rfc3339,
    createdMs: created.epochMs,
    updatedAt: updated.rfc3339,
    updatedMs: updated.epochMs,
    handshakeSecret: readText(row.handshake_secret),
    revertSecret: readText(row.revert_handshake_secret),
  };
}

export type NewTransfer = Pick<Transfer, "serverId" | "fromUserId" | "toUserId" | "initiatorId" | "handshakeSecret" | "revertSecret">;

/** How a transfer ends; `ackedMs` when the agent confirmed it. */
export interface TransferEnd {
  readonly status: Exclude<TransferStatus, 0>;
  readonly lastError: string;
  readonly ackedMs?: number;
}

/** All transfers in memory, newest first. */
export type TransferRecords = Kept<number, Transfer, (typeof transferKind)["indexes"]>;

export const transferKind = {
  name: "transfer",
  keyOf: (transfer: Transfer): number => transfer.id,
  order: (a: Transfer, b: Transfer): number => b.id - a.id,
  indexes: { server: (transfer: Transfer): number => transfer.serverId },
  load: async (queries: Queries, ids?: readonly number[]): Promise<Transfer[]> => {
    const query = queries.selectFrom("server_transfers").selectAll().orderBy("id", "desc");
    return (await (ids ? query.where("id", "in", ids) : query).execute()).map(fromRow);
  },
};

/** Transfers that ended: of each server the newest, and the newest that its agent confirmed; and of servers that are gone. */
const KEPT_PER_SERVER = 50;
const KEPT_OF_NOBODY = 1_000;

/** Fields of a transfer that let an agent in. */
export const TRANSFER_SECRETS = ["handshakeSecret", "revertSecret"] as const;

/** SQL of table `server_transfers` (spec 41 section 10.13), an append-only log. `at` is Unix milliseconds. */
export const transferStore = {
  async find(queries: Queries, id: number): Promise<Transfer | undefined> {
    return (await transferKind.load(queries, [id]))[0];
  },
  async insert(tx: Queries, transfer: NewTransfer, at: number): Promise<Transfer> {
    const time = writeTime(at);
    const row = await tx
      .insertInto("server_transfers")
      .values({
        created_at: time,
        updated_at: time,
        user_id: transfer.initiatorId,
        server_id: transfer.serverId,
        from_user_id: transfer.fromUserId,
        to_user_id: transfer.toUserId,
        initiator_id: transfer.initiatorId,
        status: TRANSFER_STATUS.pending,
        last_error: "",
        acked_at: null,
        handshake_secret: transfer.handshakeSecret,
        revert_handshake_secret: transfer.revertSecret,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return fromRow(row);
  },
  /** Ends a pending transfer; `undefined` when somebody else was faster: only the winner goes on. */
  async end(tx: Queries, id: number, end: TransferEnd, at: number): Promise<Transfer | undefined> {
    const row = await tx
      .updateTable("server_transfers")
      .set({
        status: end.status,
        last_error: end.lastError,
        updated_at: writeTime(at),
        ...(end.ackedMs === undefined ? {} : { acked_at: writeTime(end.ackedMs) }),
      })
      .where("id", "=", id)
      .where("status", "=", TRANSFER_STATUS.pending)
      .returningAll()
      .executeTakeFirst();
    return row && fromRow(row);
  },
  /** The agent has confirmed a transfer that was undone. */
  async acknowledge(tx: Queries, id: number, at: number): Promise<Transfer | undefined> {
    const row = await tx
      .updateTable("server_transfers")
      .set({ acked_at: writeTime(at) })
      .where("id", "=", id)
      .where("acked_at", "is", null)
      .returningAll()
      .executeTakeFirst();
    return row && fromRow(row);
  },
  /** Takes the secrets of these servers' transfers away for good; ids of the rows that had any. */
  async forgetSecrets(tx: Queries, serverIds: readonly number[]): Promise<number[]> {
    const rows = await tx
      .updateTable("server_transfers")
      .set({ handshake_secret: "", revert_handshake_secret: "" })
      .where("server_id", "in", serverIds)
      .where((row) => row.or([row("handshake_secret", "<>", ""), row("revert_handshake_secret", "<>", "")]))
      .returning("id")
      .execute();
    return rows.map(({ id }) => id);
  },
  /** Deletes what is too much of a server's transfers, and of those of servers that are gone; ids of the rows. */
  async prune(tx: Queries, serverId: number): Promise<number[]> {
    const ended = tx.selectFrom("server_transfers").select("id").where("status", "<>", TRANSFER_STATUS.pending).orderBy("id", "desc");
    const ofServer = ended.where("server_id", "=", serverId);
    const newest = ofServer.limit(KEPT_PER_SERVER);
    const confirmed = ofServer.where("acked_at", "is not", null).limit(KEPT_PER_SERVER);
    const surplus = ofServer.where("id", "not in", newest).where("id", "not in", confirmed);
    const ofNobody = ended
      .where("server_id", "not in", tx.selectFrom("servers").select("id"))
      .limit(Number.MAX_SAFE_INTEGER)
      .offset(KEPT_OF_NOBODY);
    const rows = await tx
      .deleteFrom("server_transfers")
      .where(({ eb, or }) => or([eb("id", "in", surplus), eb("id", "in", ofNobody)]))
      .returning("id")
      .execute();
    return rows.map(({ id }) => id);
  },
  async pending(queries: Queries): Promise<Transfer[]> {
    const rows = await queries.selectFrom("server_transfers").selectAll().where("status", "=", TRANSFER_STATUS.pending).execute();
    return rows.map(fromRow);
  },
};
