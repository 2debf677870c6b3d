import type { Task } from "@windfire/protocol";
import { formatStreamOrder } from "@windfire/protocol";
import { canManageServer, reachesServer } from "#access/policy";
import type { Stream, StreamPurpose, StreamRegistry } from "./streams.ts";
import type { LiveServer, ServerDirectory } from "#features/servers";
import { isAdmin, refuse, refuseText, requireUser, userOf } from "#kernel";
import type { Caller, DispatchOutcome } from "#kernel";

export interface SessionDeps {
  readonly servers: ServerDirectory;
  readonly streams: StreamRegistry;
  readonly isOnline: (serverId: number) => boolean;
  readonly dispatch: (serverId: number, task: Task) => DispatchOutcome;
}

/** One kind of interactive session: what it is for, and the task that makes the agent attach. */
export interface SessionKind {
  readonly purpose: StreamPurpose;
  readonly taskType: number;
}

/** Creates a session and tells the agent (spec 11 sections 13.1 and 13.2). The stream is there before the agent hears of it. */
export function openSession(
  deps: SessionDeps,
  kind: SessionKind,
  caller: Caller,
  serverId: number,
): { stream: Stream; server: LiveServer } {
  const server = deps.servers.get(serverId);
  if (!server || !deps.isOnline(serverId)) throw refuse("server not found or not connected");
  if (!canManageServer(caller, server.settings)) throw refuse("permission denied");
  const stream = deps.streams.create({ purpose: kind.purpose, creatorId: requireUser(caller).id, serverId });
  if ("refused" in stream) throw refuseText(stream.refused);
  const outcome = deps.dispatch(serverId, { id: 0, type: kind.taskType, data: formatStreamOrder({ streamId: stream.id }) });
  if (outcome === "sent") return { stream, server };
  deps.streams.close(stream.id, "peer-ended");
  throw refuse("server not found or not connected");
}

/**
 * The session a caller may attach to (GHSA-q6xx-5vr8-p898): its creator's or an administrator's, of the right kind, on a server the
 * token may touch. Unknown sessions read the same as foreign ones.
 */
export function attachableSession(deps: Pick<SessionDeps, "streams">, kind: SessionKind, caller: Caller, id: string): Stream {
  const stream = deps.streams.find(id);
  const mine = stream?.creatorId !== 0 && stream?.creatorId === userOf(caller)?.id;
  if (!stream || stream.purpose !== kind.purpose || !(mine || isAdmin(caller)) || !reachesServer(caller, stream.serverId))
    throw refuse("permission denied");
  return stream;
}
