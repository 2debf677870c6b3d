import { SessionParams, TerminalRequest, TerminalSession } from "@windfire/api";
import { TASK } from "@windfire/protocol";
import { attachableSession, openSession, relaySocket } from "#features/relay";
import type { RelayDeps, SessionDeps, SessionKind } from "#features/relay";
import { scope } from "#kernel";
import { route, socketRoute } from "#platform/http";
import type { AnyRoute, AnySocketRoute } from "#platform/http";

/** What the room needs of others. */
export interface TerminalDeps {
  readonly clock: RelayDeps["clock"];
  readonly servers: SessionDeps["servers"];
  readonly agents: SessionDeps["agents"] & RelayDeps["agents"];
  readonly connections: RelayDeps["connections"];
  readonly unreadBytes: RelayDeps["unreadBytes"];
  /** Largest message from the browser, bytes. */
  readonly maxMessage: number;
  readonly onError: (error: unknown) => void;
}

const kind: SessionKind = { purpose: "terminal", taskType: TASK.terminal };
const tag = "terminal";

export interface Terminal {
  readonly routes: readonly AnyRoute[];
  readonly sockets: readonly AnySocketRoute[];
}

/** Web terminals up to the relay: creating, attaching, bytes both ways (spec 11 section 13, spec 20 section 10). */
export function createTerminal(deps: TerminalDeps): Terminal {
  return {
    routes: [
      route({
        method: "POST",
        path: "/terminal",
        secret: true,
        access: scope("nezha:server:exec"),
        summary: "Open a terminal session; attach by ws/terminal within the time given",
        tag,
        body: TerminalRequest,
        data: TerminalSession,
        run: async ({ caller, body }) => {
          const { stream, server } = await openSession(deps, kind, caller, body.server_id);
          const { name } = server.settings;
          return { session_id: stream.id, server_id: server.id, ...(name === "" ? {} : { server_name: name }) };
        },
      }),
    ],
    sockets: [
      socketRoute({
        path: "/ws/terminal/:id",
        access: scope("nezha:server:exec"),
        summary: "Attach to a terminal session",
        tag,
        params: SessionParams,
        maxMessage: deps.maxMessage,
        prepare: async ({ caller, params, ip, visit }) => {
          const stream = await attachableSession(deps, kind, caller, params.id);
          return (socket, connection) => relaySocket(deps, stream, caller, ip || visit.peer, socket, connection);
        },
      }),
    ],
  };
}
