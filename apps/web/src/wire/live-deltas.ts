import type { LiveChange, LiveDelta, LiveFrame, LiveServer, LiveSnapshot } from "@windfire/api";

/** Anything that `ws/server` sends: whole frames where it knows nothing of deltas, else a snapshot and what changed. */
export type LiveMessage = LiveFrame | LiveSnapshot | LiveDelta;

/** Makes whole frames of what comes, and keeps what the next delta is about. Servers that did not change stay the same objects. */
export interface DeltaReader {
  /** `undefined`: something is missing in between, and only a snapshot helps. */
  read(message: LiveMessage): LiveFrame | undefined;
  /** `stream.seq` of the newest frame, "" when there is nothing to go on from. */
  position(): string;
  forget(): void;
}

interface Kept {
  readonly stream: string;
  readonly seq: number;
  readonly servers: readonly LiveServer[];
}

export function createDeltaReader(): DeltaReader {
  let kept: Kept | undefined;
  return {
    read(message) {
      if (!("seq" in message)) return message;
      if ("stream" in message) kept = { stream: message.stream, seq: message.seq, servers: message.servers };
      else if (kept?.seq !== message.seq - 1) return undefined;
      else kept = { stream: kept.stream, seq: message.seq, servers: changedServers(kept.servers, message) };
      return { now: message.now, servers: [...kept.servers], ...(message.online === undefined ? {} : { online: message.online }) };
    },
    position: () => (kept === undefined ? "" : `${kept.stream}.${kept.seq}`),
    forget: () => void (kept = undefined),
  };
}

function changedServers(before: readonly LiveServer[], { changed = [], ids }: LiveDelta): readonly LiveServer[] {
  const changes = new Map(changed.map((change) => [change.id, change]));
  if (ids === undefined) return before.map((server) => merged(server, changes.get(server.id)));
  const known = new Map(before.map((server) => [server.id, server]));
  return ids.map((id) => merged(known.get(id) ?? NEW_SERVER, changes.get(id)));
}

/** What a server is before anything was said of it. */
const NEW_SERVER = { state: {} } as LiveServer;

/** One new object a server and one for its state: a thousand servers report within three seconds. */
function merged(server: LiveServer, change: LiveChange | undefined): LiveServer {
  if (change === undefined) return server;
  const after = { ...server, ...change, state: { ...server.state, ...change.state } };
  if (change.state === undefined) after.state = server.state;
  else removeNulls(after.state, change.state);
  removeNulls(after, change);
  return after as LiveServer;
}

/** A member replaces the one before, `null` takes it away. */
function removeNulls(after: object, members: object): void {
  for (const key in members) if (Reflect.get(members, key) === null) Reflect.deleteProperty(after, key);
}
