import { FileQuery, FileSession, SessionParams } from "@windfire/api";
import { TASK } from "@windfire/protocol";
import { attachableSession, openSession, relaySocket } from "#features/relay";
import type { RelayDeps, SessionDeps, SessionKind } from "#features/relay";
import { scope, scopeByHeader } from "#kernel";
import type { AccessRule } from "#kernel";
import { idParams, route, socketRoute } from "#platform/http";
import type { AnyRoute, AnySocketRoute } from "#platform/http";

/** What the room needs of others. */
export interface FilesDeps {
  readonly clock: RelayDeps["clock"];
  readonly servers: SessionDeps["servers"];
  readonly agents: SessionDeps["agents"] & RelayDeps["agents"];
  readonly connections: RelayDeps["connections"];
  readonly unreadBytes: RelayDeps["unreadBytes"];
  /** Largest message from the browser, bytes. */
  readonly maxMessage: number;
  readonly onError: (error: unknown) => void;
}

const kind: SessionKind = { purpose: "files", taskType: TASK.fileManager };
const tag = "file manager";
const scopes = ["nezha:server:read", "nezha:server:write", "nezha:server:delete"] as const;
const access = scope(...scopes);

export interface Files {
  readonly routes: readonly AnyRoute[];
  readonly sockets: readonly AnySocketRoute[];
}

/** File manager sessions up to the relay (spec 11 section 13, spec 20 section 11). */
export function createFiles(deps: FilesDeps): Files {
  const open = (method: "GET" | "POST", rule: AccessRule, summary: string): AnyRoute =>
    route({
      method,
      path: "/file",
      access: rule,
      summary,
      tag,
      query: FileQuery.pipe(idParams),
      data: FileSession,
      run: async ({ caller, query }) => ({ session_id: (await openSession(deps, kind, caller, query.id)).stream.id }),
    });
  return {
    routes: [
      open("POST", access, "Open a file manager session; attach by ws/file within the time given"),
      open("GET", scopeByHeader(...scopes), "Open a file manager session (older scripts)"),
    ],
    sockets: [
      socketRoute({
        path: "/ws/file/:id",
        access,
        summary: "Attach to a file manager session",
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
