import { TRANSFER_STATUS } from "@windfire/api";
import { formatTransferOrder, TASK } from "@windfire/protocol";
import type { TaskResult } from "@windfire/protocol";
import type { Server, ServerDirectory } from "#features/servers";
import { refuse, refuseText, requireUser } from "#kernel";
import type { Agents, Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { Cascade, Database, Queries } from "#platform/database";
import { createAges } from "./ages.ts";
import type { AgeDeps } from "./ages.ts";
import type { Credentials } from "./credentials.ts";
import { createEndings, createTransferNote } from "./endings.ts";
import type { EndingDeps } from "./endings.ts";
import { DAY_MS, isPending, isTooOld, TOO_OLD } from "./model.ts";
import type { Transfer } from "./model.ts";
import { transferKind, transferStore } from "./store.ts";
import type { TransferRecords } from "./store.ts";

const KIND = transferKind.name;

export interface MoveDeps extends EndingDeps, AgeDeps {
  readonly database: Pick<Database, "change" | "kysely">;
  readonly transfers: Pick<TransferRecords, "list">;
  readonly credentials: Credentials;
  readonly servers: Pick<ServerDirectory, "get">;
  /** 32 random characters. */
  readonly newSecret: () => string;
  readonly findServer: (tx: Queries, serverId: number) => Promise<Server | undefined>;
  /** Whether the user's row is there, as of the transaction. */
  readonly isOwner: (tx: Queries, userId: number) => Promise<boolean>;
  readonly agents: Pick<Agents, "dispatch">;
  readonly onError: (error: unknown) => void;
}

/** A transfer that is to begin. */
export interface MoveStart<T> {
  readonly serverId: number;
  readonly toUserId: number;
  readonly caller: Caller;
  /** What is held against it, of the rows of the transaction. */
  readonly objection: (server: Server | undefined, isMoving: boolean) => T | undefined;
}

/** So much of an agent's reason is kept and shown: its results may have megabytes (spec 60 section 5, "strings from agents"). */
const MAX_REASON_LENGTH = 1024;

/** The state machine of ownership transfers (spec 30 sections 7.2 to 7.6): every change is first won in the database. */
export function createMoves(deps: MoveDeps) {
  const { credentials, database, now } = deps;
  const ages = createAges(deps);
  const endings = createEndings(deps);
  const { close, revert } = endings;
  const note = createTransferNote(deps.audit);

  /** Which secret the agent is to have now: re-read for every push, since the agent keeps the last one it gets. */
  const deliver = (serverId: number): void => {
    const pending = credentials.pending(serverId);
    const transfer = pending ?? credentials.rollback(serverId);
    if (!transfer) return;
    if (pending && isTooOld(deps.servers.get(serverId)?.host?.version ?? ""))
      return void revert(pending.id, { status: TRANSFER_STATUS.failed, lastError: TOO_OLD }).catch(deps.onError);
    const clientSecret = pending ? pending.handshakeSecret : transfer.revertSecret;
    if (clientSecret === "") return;
    const task = { id: transfer.id, type: TASK.serverTransfer, data: formatTransferOrder({ clientSecret }) };
    // An agent that is not there is told when it comes.
    deps.agents.dispatch(serverId, task).catch(deps.onError);
  };

  /** The line of the transfer goes before the owner's: the agent's secret of before is good at every moment between. */
  const start = <T>({ serverId, toUserId, caller, objection }: MoveStart<T>): Promise<{ began: Transfer } | { objection: T }> =>
    database.change(async (tx, changes) => {
      const server = await deps.findServer(tx, serverId);
      const isMoving = (await transferStore.pending(tx)).some((transfer) => transfer.serverId === serverId);
      const against = objection(server, isMoving);
      if (against !== undefined) return { objection: against };
      if (!(await deps.isOwner(tx, toUserId))) throw refuse("user id %d does not exist", toUserId);
      const people = { fromUserId: server?.ownerId ?? 0, toUserId, initiatorId: requireUser(caller).id };
      const secrets = { handshakeSecret: deps.newSecret(), revertSecret: deps.newSecret() };
      const began = await transferStore.insert(tx, { serverId, ...people, ...secrets }, now());
      changes.put(KIND, began.id);
      changes.afterwards(() => void ages.of(began));
      if (!(await deps.setOwner(tx, changes, serverId, toUserId))) throw refuseText("record not found");
      await note(tx, actorOf(caller), "start", began);
      changes.gone(KIND, await transferStore.prune(tx, serverId));
      return { began };
    });

  const cancelWith =
    (lastError: string, concerns: (transfer: Transfer, ids: readonly number[]) => boolean): Cascade =>
    async (tx, ids, changes) => {
      for (const transfer of await transferStore.pending(tx)) if (concerns(transfer, ids)) await close(tx, changes, transfer, lastError);
    };

  return {
    start,
    revert,
    deliver,
    verify: endings.verify,
    confirmRevert: endings.confirmRevert,
    /** An agent refused the new credential. Only about the transfer that is pending now; agreement proves nothing. */
    onResult(serverId: number, result: TaskResult): void {
      const transfer = credentials.pending(serverId);
      if (result.successful || transfer?.id !== result.id) return;
      revert(transfer.id, { status: TRANSFER_STATUS.failed, lastError: result.data.slice(0, MAX_REASON_LENGTH) }).catch(deps.onError);
    },
    /** Gives up on transfers that are pending for more than a day. */
    async sweep(): Promise<void> {
      const pending = credentials.pendingAll();
      ages.keepOnly(pending);
      const late = pending.filter((transfer) => ages.of(transfer) > DAY_MS);
      for (const { id } of late) await revert(id, { status: TRANSFER_STATUS.timeout, lastError: "" }).catch(deps.onError);
    },
    /** Ends what waits for a server that is not there any more. */
    async closeOrphans(): Promise<void> {
      for (const transfer of deps.transfers.list())
        if (isPending(transfer) && !deps.servers.get(transfer.serverId))
          await database.change((tx, changes) => close(tx, changes, transfer, SERVER_DELETED));
    },
    cascades: {
      /** Whatever transfers gave these servers' agents to sign in with lets nobody in any more; a move that is under way ends with it. */
      async credentials(tx, serverIds, changes) {
        await cancelWith(CREDENTIAL_ENDED, ({ serverId }, ids) => ids.includes(serverId))(tx, serverIds, changes);
        changes.put(KIND, ...(await transferStore.forgetSecrets(tx, serverIds)));
      },
      servers: cancelWith(SERVER_DELETED, ({ serverId }, ids) => ids.includes(serverId)),
      users: cancelWith("user deleted", ({ fromUserId, toUserId }, ids) => ids.includes(fromUserId) || ids.includes(toUserId)),
    } satisfies Record<string, Cascade>,
  };
}

export type Moves = ReturnType<typeof createMoves>;

const SERVER_DELETED = "server deleted";
const CREDENTIAL_ENDED = "credential ended";
