import { FileQuery, FileSession } from "@windfire/api";
import { TASK } from "@windfire/protocol";
import { openSession, sessionSocket } from "#features/relay";
import type { SessionKind, SessionRoomDeps } from "#features/relay";
import { scope, scopeByHeader, stepUp } from "#kernel";
import type { AccessRule } from "#kernel";
import { idParams, route } from "#platform/http";
import type { AnyRoute, AnySocketRoute } from "#platform/http";

const kind: SessionKind = { purpose: "files", taskType: TASK.fileManager };
const tag = "file manager";
const scopes = ["nezha:server:read", "nezha:server:write", "nezha:server:delete"] as const;
const access = scope(...scopes);

export interface Files {
  readonly routes: readonly AnyRoute[];
  readonly sockets: readonly AnySocketRoute[];
}

/** File manager sessions up to the relay (spec 11 section 13, spec 20 section 11). */
export function createFiles(deps: SessionRoomDeps): Files {
  const open = (method: "GET" | "POST", rule: AccessRule, summary: string): AnyRoute =>
    route({
      method,
      path: "/file",
      access: stepUp(rule),
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
    sockets: [sessionSocket(deps, kind, { path: "/ws/file", access: access, summary: "Attach to a file manager session", tag })],
  };
}
