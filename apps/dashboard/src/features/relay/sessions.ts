import { formatStreamOrder } from "@windfire/protocol";
import { canManageServer, reachesServer } from "#access/policy";
import type { LiveServer, ServerDirectory } from "#features/servers";
import { isAdmin, refuse, refuseText, requireUser, userOf } from "#kernel";
import type { Agents, Caller, Stream, StreamPurpose } from "#kernel";

export interface SessionDeps {
  readonly servers: ServerDirectory;
  readonly agents: Pick<Agents, "where" | "openStream" | "findStream">;
}

/** One kind of interactive session: what it is for, and the task that makes the agent attach. */
export interface SessionKind {
  readonly purpose: StreamPurpose;
  readonly taskType: number;
}

const NOT_CONNECTED = "server not found or not connected";

/** Creates a session and tells the agent (spec 11 sections 13.1 and 13.2). The stream is there before the agent hears of it. */
export async function openSession(
  { agents, servers }: SessionDeps,
  { purpose, taskType }: SessionKind,
  caller: Caller,
  serverId: number,
): Promise<{ stream: Stream; server: LiveServer }> {
  const isOnline = (await agents.where(serverId)) !== "offline";
  const server = servers.get(serverId);
  if (!server || !isOnline) throw refuse(NOT_CONNECTED);
  if (!canManageServer(caller, server.settings)) throw refuse("permission denied");
  const opened = await agents.openStream({ purpose, creatorId: requireUser(caller).id, serverId }, (streamId) => ({
    id: 0,
    type: taskType,
    data: formatStreamOrder({ streamId }),
  }));
  if (!("refused" in opened)) return { stream: opened, server };
  const { refused } = opened;
  throw refused === "offline" || refused === "queue-full" ? refuse(NOT_CONNECTED) : refuseText(refused);
}

/**
 * The session a caller may attach to (GHSA-q6xx-5vr8-p898): its creator's or an administrator's, of the right kind, on a server the
 * token may touch. Unknown sessions read the same as foreign ones.
 */
export async function attachableSession(
  { agents }: Pick<SessionDeps, "agents">,
  kind: SessionKind,
  caller: Caller,
  id: string,
): Promise<Stream> {
  const stream = await agents.findStream(id);
  const mine = stream?.creatorId !== 0 && stream?.creatorId === userOf(caller)?.id;
  if (!stream || stream.purpose !== kind.purpose || !(mine || isAdmin(caller)) || !reachesServer(caller, stream.serverId))
    throw refuse("permission denied");
  return stream;
}
