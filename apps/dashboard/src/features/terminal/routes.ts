import { SessionParams, TerminalAttachQuery, TerminalRequest, TerminalSession } from "@windfire/api";
import { TASK } from "@windfire/protocol";
import { attachableSession, openSession, relaySocket } from "#features/relay";
import type { SessionKind, SessionRoomDeps } from "#features/relay";
import { refuse, scope, stepUp, userOf } from "#kernel";
import { route, socketRoute } from "#platform/http";
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
      socketRoute({
        path: "/ws/terminal/:id",
        access: scope("nezha:server:exec"),
        summary: "Attach to a terminal session",
        tag,
        params: SessionParams,
        query: TerminalAttachQuery,
        maxMessage: deps.maxMessage,
        prepare: async ({ caller, params, query: { keep, again }, ip, visit }) => {
          const stream = await attachableSession(deps, kind, caller, params.id);
          // An administrator may look on where nobody is, but takes nobody's place.
          if (again === "true" && stream.creatorId !== userOf(caller)?.id) throw refuse("permission denied");
          const session = { stream, caller, ip: ip || visit.peer, keep: keep === "true", again: again === "true" };
          return (socket, connection) => relaySocket(deps, session, socket, connection);
        },
      }),
    ],
  };
}
