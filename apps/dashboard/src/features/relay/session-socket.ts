import { SessionParams } from "@windfire/api";
import type { AccessRule } from "#kernel";
import { socketRoute } from "#platform/http";
import type { AnySocketRoute } from "#platform/http";
import { relaySocket } from "./relay-socket.ts";
import type { RelayDeps } from "./relay-socket.ts";
import { attachableSession } from "./sessions.ts";
import type { SessionDeps, SessionKind } from "./sessions.ts";

/** What a room of interactive sessions needs of others. */
export interface SessionRoomDeps {
  readonly clock: RelayDeps["clock"];
  readonly servers: SessionDeps["servers"];
  readonly agents: SessionDeps["agents"] & RelayDeps["agents"];
  readonly connections: RelayDeps["connections"];
  readonly unreadBytes: RelayDeps["unreadBytes"];
  readonly goodbye?: RelayDeps["goodbye"];
  /** Largest message from the browser, bytes. */
  readonly maxMessage: number;
  readonly onError: (error: unknown) => void;
}

/** Where a browser attaches to a session that was opened before: `<path>/:id` (spec 11 section 13.5). */
export function sessionSocket(
  deps: SessionRoomDeps,
  kind: SessionKind,
  { path, access, summary, tag }: { path: string; access: AccessRule; summary: string; tag: string },
): AnySocketRoute {
  return socketRoute({
    path: `${path}/:id`,
    access,
    summary,
    tag,
    params: SessionParams,
    maxMessage: deps.maxMessage,
    prepare: async ({ caller, params, ip, visit }) => {
      const stream = await attachableSession(deps, kind, caller, params.id);
      return (socket, connection) => relaySocket(deps, { stream, caller, ip: ip || visit.peer }, socket, connection);
    },
  });
}
