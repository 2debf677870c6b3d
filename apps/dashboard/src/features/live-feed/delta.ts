import type { ShownServer } from "./shown-server.ts";

/** What frames say besides the servers. */
export interface FrameHead {
  /** Unix milliseconds; written in whole seconds. */
  readonly now: number;
  /** Open streams, guests included. */
  readonly online: number;
  readonly seq: number;
}

/** All servers, as a `LiveSnapshot`. */
export function snapshotText(stream: string, servers: readonly ShownServer[], head: FrameHead): string {
  return `{${headText(head)},"stream":"${stream}","servers":[${servers.map(wholeText).join(",")}]}`;
}

/** What changed from one look at the servers to the next, as a `LiveDelta`. */
export function deltaText(before: readonly ShownServer[], after: readonly ShownServer[], head: FrameHead): string {
  const isSameList = before.length === after.length && before.every(({ id }, index) => id === after[index]?.id);
  const known = isSameList ? undefined : new Map(before.map((server) => [server.id, server]));
  const changed = after.flatMap((server, index) => {
    const old = known ? known.get(server.id) : before[index];
    if (old === server) return [];
    const text = old ? changeText(old, server) : wholeText(server);
    return text === undefined ? [] : [text];
  });
  const ids = isSameList ? "" : `,"ids":[${after.map(({ id }) => id).join(",")}]`;
  return `{${headText(head)}${changed.length === 0 ? "" : `,"changed":[${changed.join(",")}]`}${ids}}`;
}

function headText({ now, online, seq }: FrameHead): string {
  return `"now":${Math.floor(now / 1000) * 1000}${online > 0 ? `,"online":${online}` : ""},"seq":${seq}`;
}

function wholeText({ id, members, state }: ShownServer): string {
  return `{"id":${id},${members.join(",")},"state":{${state.join(",")}}}`;
}

/** Many classes go from the same look at a server to the same next one: that is worked out once. */
const changes = new WeakMap<ShownServer, { readonly before: ShownServer; readonly text: string | undefined }>();

function changeText(before: ShownServer, after: ShownServer): string | undefined {
  const known = changes.get(after);
  if (known?.before === before) return known.text;
  const members = changedMembers(before.members, after.members);
  const state = changedMembers(before.state, after.state);
  if (state.length > 0) members.push(`"state":{${state.join(",")}}`);
  const text = members.length === 0 ? undefined : `{"id":${after.id},${members.join(",")}}`;
  changes.set(after, { before, text });
  return text;
}

const keyOf = (member: string): string => member.slice(0, member.indexOf('":') + 1);

function changedMembers(before: readonly string[], after: readonly string[]): string[] {
  const isAligned = before.length === after.length && before.every((member, index) => hasKeyOf(member, after[index] ?? ""));
  if (isAligned) return after.filter((member, index) => member !== before[index]);
  const old = new Map(before.map((member) => [keyOf(member), member]));
  const changed: string[] = [];
  for (const member of after) {
    const key = keyOf(member);
    if (old.get(key) !== member) changed.push(member);
    old.delete(key);
  }
  return [...changed, ...[...old.keys()].map((key) => `${key}:null`)];
}

const QUOTE = 34;

/** Whether both are of the same key, without a copy of either. */
function hasKeyOf(one: string, other: string): boolean {
  if (one === other) return true;
  for (let at = 1; ; at++) {
    const code = one.charCodeAt(at);
    if (code !== other.charCodeAt(at)) return false;
    if (code === QUOTE || Number.isNaN(code)) return true;
  }
}
