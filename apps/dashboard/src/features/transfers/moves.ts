import { TRANSFER_STATUS } from "@windfire/api";
import { formatTransferOrder, TASK } from "@windfire/protocol";
import type { Task, TaskResult } from "@windfire/protocol";
import type { DispatchOutcome, TransferVerdict } from "#features/fleet";
import type { LiveServer, ServerDirectory } from "#features/servers";
import { refuseText } from "#kernel";
import type { FactBus } from "#kernel";
import type { Cascade, Database, Queries } from "#platform/database";
import type { Credentials } from "./credentials.ts";
import { DAY_MS, isPending, isTooOld, TOO_OLD } from "./model.ts";
import type { Transfer } from "./model.ts";
import type { TransferEnd, TransferStore } from "./store.ts";

export interface MoveDeps {
  readonly database: Database;
  readonly store: TransferStore;
  readonly credentials: Credentials;
  readonly servers: ServerDirectory;
  readonly facts: FactBus;
  readonly now: () => number;
  /** 32 random characters. */
  readonly newSecret: () => string;
  /** Writes the owner of a server in the transaction; `false` when there is no such row. */
  readonly setOwner: (tx: Queries, serverId: number, ownerId: number) => Promise<boolean>;
  readonly dispatch: (serverId: number, task: Task) => DispatchOutcome;
  readonly closeStreams: (serverId: number) => void;
  readonly broadcast: (transfer: Transfer) => void;
  readonly onError: (error: unknown) => void;
}

/** A transfer that begins: a move of `server` from its owner. */
export interface MoveStart {
  readonly server: LiveServer;
  readonly toUserId: number;
  readonly initiatorId: number;
}

/** So much of an agent's reason is kept and shown: its results may have megabytes (spec 60 section 5, "strings from agents"). */
const MAX_REASON_LENGTH = 1024;

/** The state machine of ownership transfers (spec 30 sections 7.2 to 7.6): every change is first won in the database. */
export function createMoves(deps: MoveDeps) {
  const { credentials, store } = deps;
  const creating = new Set<number>();

  /** Which secret the agent is to have now: re-read for every push, since the agent keeps the last one it gets. */
  const deliver = (serverId: number): void => {
    const pending = credentials.pending(serverId);
    const transfer = pending ?? credentials.rollback(serverId);
    if (!transfer) return;
    if (pending && isTooOld(deps.servers.get(serverId)?.host?.version ?? ""))
      return void revert(pending, TRANSFER_STATUS.failed, TOO_OLD).catch(deps.onError);
    const clientSecret = pending ? pending.handshakeSecret : transfer.revertSecret;
    if (clientSecret !== "")
      deps.dispatch(serverId, { id: transfer.id, type: TASK.serverTransfer, data: formatTransferOrder({ clientSecret }) });
  };

  const moved = (transfer: Transfer, fromUserId: number, toUserId: number): void => {
    const server = deps.servers.get(transfer.serverId);
    if (server) deps.servers.replace({ ...server.settings, ownerId: toUserId });
    deps.closeStreams(transfer.serverId);
    deps.facts.publish("server.moved", { serverId: transfer.serverId, fromUserId, toUserId });
  };

  const start = async ({ server, toUserId, initiatorId }: MoveStart): Promise<Transfer | "already"> => {
    if (credentials.pending(server.id) || creating.has(server.id)) return "already";
    creating.add(server.id);
    try {
      const fromUserId = server.settings.ownerId;
      const secrets = { handshakeSecret: deps.newSecret(), revertSecret: deps.newSecret() };
      const transfer = await deps.database.transaction(async (tx) => {
        const row = await store.insert(tx, { serverId: server.id, fromUserId, toUserId, initiatorId, ...secrets }, deps.now());
        if (!(await deps.setOwner(tx, server.id, toUserId))) throw new Error(`server ${server.id} has no row`);
        return row;
      });
      credentials.began(transfer);
      moved(transfer, fromUserId, toUserId);
      deps.broadcast(transfer);
      deliver(server.id);
      return transfer;
    } finally {
      creating.delete(server.id);
    }
  };

  /** Gives the server back; `undefined` when the transfer has ended meanwhile. */
  async function revert(transfer: Transfer, status: TransferEnd["status"], lastError: string): Promise<Transfer | undefined> {
    const ended = await deps.database.transaction(async (tx) => {
      const row = await store.end(tx, transfer.id, { status, lastError }, deps.now());
      if (row && !(await deps.setOwner(tx, transfer.serverId, transfer.fromUserId))) throw refuseText("record not found");
      return row;
    });
    if (!ended) return undefined;
    credentials.reverted(ended);
    moved(ended, ended.toUserId, ended.fromUserId);
    deps.broadcast(ended);
    deliver(ended.serverId);
    return ended;
  }

  const verify = async (transfer: Transfer): Promise<boolean> => {
    const ended = await store.end(
      deps.database.kysely,
      transfer.id,
      { status: TRANSFER_STATUS.verified, lastError: "", ackedMs: deps.now() },
      deps.now(),
    );
    if (!ended) return false;
    credentials.verified(ended);
    deps.broadcast(ended);
    return true;
  };

  const confirmRevert = async (transfer: Transfer): Promise<void> => {
    const acked = await store.acknowledge(transfer.id, deps.now());
    if (!acked) return;
    credentials.confirmedRevert(acked);
    deps.broadcast(acked);
  };

  const judge = async (secret: string, serverId: number | undefined, lostBefore = false): Promise<TransferVerdict> => {
    const presented = credentials.find(secret);
    if (!presented || (lostBefore && presented.kind === "pending")) return UNKNOWN;
    if (presented.kind === "permanent") return presented.serverId === serverId ? ACCEPT : bound("transfer verified handshake secret");
    const { transfer } = presented;
    if (transfer.serverId !== serverId)
      return bound(presented.kind === "pending" ? "transfer handshake secret" : "transfer terminal-recovery secret");
    if (presented.kind === "recovery") {
      if (presented.revert) await confirmRevert(transfer);
      return ACCEPT;
    }
    try {
      return (await verify(transfer)) ? ACCEPT : await judge(secret, serverId, true);
    } catch (error) {
      deps.onError(error);
      return { outcome: "refuse", text: "transfer handshake verification failed" };
    }
  };

  /** Ends pending transfers of rows that go; the owner stays as it is, since there is nobody to give back to. */
  const cancelWith =
    (column: "server_id" | "user", lastError: string): Cascade =>
    async (tx, ids, changes) => {
      const ended: Transfer[] = [];
      for (const id of await store.pendingOf(tx, column, ids)) {
        const row = await store.end(tx, id, { status: TRANSFER_STATUS.cancelled, lastError }, deps.now());
        if (row) ended.push(row);
      }
      changes.afterwards(() => {
        if (column === "server_id") for (const id of ids) credentials.forget(id);
        for (const transfer of ended) {
          credentials.abandoned(transfer);
          deps.broadcast(transfer);
        }
      });
    };

  return {
    start,
    revert,
    deliver,
    judge: (secret: string, serverId: number | undefined): Promise<TransferVerdict> => judge(secret, serverId),
    /** An agent refused the new credential. Only about the transfer that is pending now; agreement proves nothing. */
    onResult(serverId: number, result: TaskResult): void {
      const transfer = credentials.pending(serverId);
      if (result.successful || transfer?.id !== result.id) return;
      revert(transfer, TRANSFER_STATUS.failed, result.data.slice(0, MAX_REASON_LENGTH)).catch(deps.onError);
    },
    /** Gives up on transfers that are pending for more than a day. */
    async sweep(): Promise<void> {
      const late = [...credentials.pendingAll()].filter((transfer) => deps.now() - transfer.createdMs > DAY_MS);
      for (const transfer of late) await revert(transfer, TRANSFER_STATUS.timeout, "").catch(deps.onError);
    },
    /** Ends what waits for a server that is not there any more. */
    async closeOrphans(transfers: readonly Transfer[]): Promise<void> {
      const orphans = transfers.filter((transfer) => isPending(transfer) && !deps.servers.get(transfer.serverId));
      for (const { id } of orphans)
        await store.end(deps.database.kysely, id, { status: TRANSFER_STATUS.cancelled, lastError: SERVER_DELETED }, deps.now());
    },
    cascades: { servers: cancelWith("server_id", SERVER_DELETED), users: cancelWith("user", "user deleted") },
  };
}

export type Moves = ReturnType<typeof createMoves>;

const SERVER_DELETED = "server deleted";
const ACCEPT: TransferVerdict = { outcome: "accept" };
const UNKNOWN: TransferVerdict = { outcome: "unknown" };

function bound(what: string): TransferVerdict {
  return { outcome: "refuse", text: `${what} bound to a different server` };
}
