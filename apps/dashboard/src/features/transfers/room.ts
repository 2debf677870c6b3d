import type { Clock, Timer } from "@windfire/kit";
import type { LiveConnections } from "#access/protection";
import type { TransferSecrets } from "#features/fleet";
import type { ServerDirectory } from "#features/servers";
import { scope } from "#kernel";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { socketRoute } from "#platform/http";
import type { AnyRoute, AnySocketRoute } from "#platform/http";
import { canSeeTransfer, createTransferCommands } from "./commands.ts";
import type { TransferCommands } from "./commands.ts";
import { createCredentials } from "./credentials.ts";
import { createEvents } from "./events.ts";
import { followTransfers } from "./follow.ts";
import { createMoves } from "./moves.ts";
import type { MoveDeps, Moves } from "./moves.ts";
import type { Transfer } from "./model.ts";
import { shown, tag, transferRoutes } from "./routes.ts";
import { createSignIn } from "./sign-in.ts";
import { transferKind } from "./store.ts";

/** What the room needs of others. */
export interface TransfersDeps {
  readonly clock: Clock;
  readonly now: () => number;
  readonly database: Database;
  readonly audit: Pick<AuditLog, "write">;
  readonly servers: ServerDirectory;
  readonly newSecret: MoveDeps["newSecret"];
  readonly findServer: MoveDeps["findServer"];
  readonly isOwner: MoveDeps["isOwner"];
  readonly setOwner: MoveDeps["setOwner"];
  readonly agents: MoveDeps["agents"];
  readonly userExists: (userId: number) => boolean;
  readonly connections: LiveConnections;
  /** Largest message from a browser on the event socket, bytes. */
  readonly maxMessage: number;
  readonly onError: (error: unknown) => void;
}

export interface Transfers {
  readonly routes: readonly AnyRoute[];
  readonly sockets: readonly AnySocketRoute[];
  /** What authentication of agents asks (spec 20 section 3.3). */
  readonly secrets: TransferSecrets;
  /** Servers become somebody else's, one after the other. */
  readonly move: TransferCommands["move"];
  readonly onResult: Moves["onResult"];
  /** A server's agent has opened a task stream. */
  readonly onOnline: (serverId: number) => void;
  readonly cascades: Moves["cascades"];
  start(): void;
  stop(): void;
}

/** How often transfers are looked at for their time-out. */
const SWEEP_MS = 30_000;

/** Loads what transfers left behind and puts the room together. */
export async function createTransfers(deps: TransfersDeps): Promise<Transfers> {
  const transfers = await deps.database.keep(transferKind);
  const credentials = createCredentials(deps);
  const events = createEvents<Transfer>({
    clock: deps.clock,
    connections: deps.connections,
    visible: canSeeTransfer,
    render: (transfer) => JSON.stringify(shown(transfer)),
  });
  const moves = createMoves({ ...deps, transfers, credentials });
  const unfollow = followTransfers({ ...deps, transfers, credentials, deliver: moves.deliver, broadcast: events.broadcast });
  const commands = createTransferCommands({ ...deps, transfers, moves });
  await moves.closeOrphans();
  let timer: Timer | undefined;
  return {
    routes: transferRoutes(commands),
    move: commands.move,
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
    secrets: createSignIn({ ...deps, queries: deps.database.kysely, credentials, moves }),
    onResult: moves.onResult,
    onOnline: moves.deliver,
    cascades: moves.cascades,
    start() {
      timer ??= deps.clock.setInterval(() => void moves.sweep().catch(deps.onError), SWEEP_MS);
    },
    stop() {
      timer?.cancel();
      timer = undefined;
      unfollow();
    },
  };
}
