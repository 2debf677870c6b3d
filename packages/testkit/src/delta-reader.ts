/** JSON of one server in a frame of `ws/server`. */
export type ServerJson = Readonly<Record<string, unknown>>;

/**
 * Reads the frames of `ws/server?delta=` in the plainest way there is: what a snapshot and the deltas after it add up to. Throws when a
 * frame does not follow the one before.
 */
export function createPlainDeltaReader() {
  let seq: number | undefined;
  let servers = new Map<unknown, ServerJson>();
  const take = (change: ServerJson): ServerJson => {
    const before = servers.get(change["id"]) ?? { id: change["id"], state: {} };
    const state = { ...(before["state"] as object), ...(change["state"] as object | undefined) };
    return withoutNulls({ ...before, ...change, state: withoutNulls(state) });
  };
  return {
    read(text: string): void {
      const frame = JSON.parse(text) as { seq: number; stream?: string; servers: ServerJson[]; changed?: ServerJson[]; ids?: number[] };
      if (frame.stream !== undefined) servers = new Map(frame.servers.map((server) => [server["id"], server]));
      else if (frame.seq - 1 !== seq) throw new Error(`frame ${frame.seq} came after ${seq}`);
      seq = frame.seq;
      for (const change of frame.changed ?? []) servers.set(change["id"], take(change));
      if (frame.ids) servers = new Map(frame.ids.map((id) => [id, servers.get(id) ?? {}]));
    },
    servers: (): readonly ServerJson[] => [...servers.values()],
    seq: () => seq,
  };
}

function withoutNulls(json: object): ServerJson {
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null));
}
