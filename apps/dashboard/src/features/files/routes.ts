import { FileDownloadQuery, FileQuery, FileSession, Nothing, SessionParams } from "@windfire/api";
import { TASK } from "@windfire/protocol";
import { attachableSession, openSession, sessionSocket } from "#features/relay";
import type { SessionKind, SessionRoomDeps } from "#features/relay";
import { scope, scopeByHeader, stepUp } from "#kernel";
import type { AccessRule } from "#kernel";
import { FileParts, idParams, route } from "#platform/http";
import type { AnyRoute, AnySocketRoute } from "#platform/http";
import { download } from "./download.ts";

const kind: SessionKind = { purpose: "files", taskType: TASK.fileManager };
const tag = "file manager";
const BYTES = "application/octet-stream";
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
      downloadRoute(deps),
    ],
    sockets: [sessionSocket(deps, kind, { path: "/ws/file", access: access, summary: "Attach to a file manager session", tag })],
  };
}

/** A browser saves what comes: the session's id, good once and for whoever opened it, is its ticket (spec 11 section 13.7). */
function downloadRoute(deps: SessionRoomDeps): AnyRoute {
  return route({
    method: "GET",
    path: "/download/file/:id",
    access,
    summary: "Take one file over a file manager session, which is used up by it",
    tag,
    params: SessionParams,
    query: FileDownloadQuery,
    data: Nothing,
    file: [BYTES],
    run: async ({ caller, params, query: { path }, ip, visit, signal }) => {
      const stream = await attachableSession(deps, kind, caller, params.id);
      const { size, parts } = await download(deps, { stream, path, caller, ip: ip || visit.peer, signal });
      return new FileParts({ name: path.split(/[/\\]/).at(-1) ?? "", contentType: BYTES, size, parts });
    },
  });
}
