import { BatchMove, MoveResult, Transfer as TransferView } from "@windfire/api";
import type { Clock, Timer } from "@windfire/kit";
import { z } from "zod";
import type { LiveConnections } from "#access/protection";
import type { TransferSecrets } from "#features/fleet";
import { scope } from "#kernel";
import type { Cascade } from "#platform/database";
import { idParams, listQuery, route, selectByIds, socketRoute } from "#platform/http";
import type { AnyRoute, AnySocketRoute } from "#platform/http";
import { canSeeTransfer, createTransferCommands } from "./commands.ts";
import type { TransferCommandDeps, TransferCommands } from "./commands.ts";
import { createCredentials } from "./credentials.ts";
import { createEvents } from "./events.ts";
import { createMoves } from "./moves.ts";
import type { MoveDeps, Moves } from "./moves.ts";
import type { Transfer } from "./model.ts";
import { createTransferStore } from "./store.ts";

export interface TransfersDeps extends Omit<MoveDeps, "store" | "credentials" | "broadcast">, Omit<TransferCommandDeps, "store" | "moves"> {
  readonly clock: Clock;
  readonly connections: LiveConnections;
  /** Largest message from a browser on the event socket, bytes. */
  readonly maxMessage: number;
}

export interface Transfers {
  readonly routes: readonly AnyRoute[];
  readonly sockets: readonly AnySocketRoute[];
  /** What authentication of agents asks (spec 20 section 3.3). */
  readonly secrets: TransferSecrets;
  readonly onResult: Moves["onResult"];
  /** A server's agent has opened a task stream. */
  readonly onOnline: (serverId: number) => void;
  readonly cascades: { readonly servers: Cascade; readonly users: Cascade };
  start(): void;
  stop(): void;
}

/** How often transfers are looked at for their time-out. */
const SWEEP_MS = 30_000;

/** Loads what transfers left behind and puts the room together. */
export async function createTransfers(deps: TransfersDeps): Promise<Transfers> {
  const store = createTransferStore(deps.database);
  const credentials = createCredentials(deps);
  const stored = await store.all();
  credentials.load(stored, (id) => deps.servers.get(id)?.settings.ownerId);
  const events = createEvents<Transfer>({
    clock: deps.clock,
    connections: deps.connections,
    visible: canSeeTransfer,
    render: (transfer) => JSON.stringify(shown(transfer)),
  });
  const moves = createMoves({ ...deps, store, credentials, broadcast: events.broadcast });
  await moves.closeOrphans(stored);
  const commands = createTransferCommands({ ...deps, store, moves });
  let timer: Timer | undefined;
  return {
    routes: routes(commands),
    sockets: [
      socketRoute({
        path: "/ws/transfer",
        access: scope("nezha:transfer:read"),
        summary: "Every change of a transfer the caller may see",
        tag,
        maxMessage: deps.maxMessage,
        prepare:
          ({ caller, ip, visit }) =>
          (socket) =>
            events.join(caller, ip || visit.peer, socket),
      }),
    ],
    secrets: {
      judge: moves.judge,
      pending: credentials.pending,
      rolledBackFrom: (serverId) => credentials.rollback(serverId)?.fromUserId,
    },
    onResult: moves.onResult,
    onOnline: moves.deliver,
    cascades: moves.cascades,
    start() {
      timer ??= deps.clock.setInterval(() => void moves.sweep().catch(deps.onError), SWEEP_MS);
    },
    stop() {
      timer?.cancel();
      timer = undefined;
    },
  };
}

const tag = "transfer";

function shown(transfer: Transfer): TransferView {
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

function routes(commands: TransferCommands): AnyRoute[] {
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
      run: async ({ caller, query }) => selectByIds(await commands.list(caller), query.id, (transfer) => transfer.id).map(shown),
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
