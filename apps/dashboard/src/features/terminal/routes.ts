import { TerminalRequest, TerminalSession } from "@windfire/api";
import { TASK } from "@windfire/protocol";
import { openSession, sessionSocket } from "#features/relay";
import type { SessionKind, SessionRoomDeps } from "#features/relay";
import { scope, stepUp } from "#kernel";
import { route } from "#platform/http";
import type { AnyRoute, AnySocketRoute } from "#platform/http";

const kind: SessionKind = { purpose: "terminal", taskType: TASK.terminal };
const tag = "terminal";

export interface Terminal {
  readonly routes: readonly AnyRoute[];
  readonly sockets: readonly AnySocketRoute[];
}

/** Web terminals up to the relay: creating, attaching, bytes both ways (spec 11 section 13, spec 20 section 10). */
export function createTerminal(deps: SessionRoomDeps): Terminal {
  return {
    routes: [
      route({
        method: "POST",
        path: "/terminal",
        secret: true,
        access: stepUp(scope("nezha:server:exec")),
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
      sessionSocket(deps, kind, { path: "/ws/terminal", access: scope("nezha:server:exec"), summary: "Attach to a terminal session", tag }),
    ],
  };
}
