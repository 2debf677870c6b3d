import { JsonBytes } from "#platform/http";
import type { LiveServer } from "./live-server.ts";

/** All lists that are kept; a larger one is made anew each time. */
const MOST_BYTES = 16 * 2 ** 20;
/** All of them are looked at by each request; who asks for a few servers at a time has lists enough to make that dear. */
const MOST_LISTS = 32;

/** Lists of servers as `GET /server` gives them, put together of what each of them is rendered as. */
export interface ServerList {
  /** The same answer as long as nothing in it changed, or to whoever asked (so many milliseconds ago) before it was made. */
  of(servers: readonly LiveServer[], askedMsAgo?: number): JsonBytes;
  /** Bytes of the lists that are kept. */
  readonly keptBytes: number;
}

/** What each server is as JSON, with a comma before it; the same bytes as long as nothing in them changed. */
type Render = (servers: readonly LiveServer[]) => readonly Uint8Array[];

interface Kept {
  readonly servers: readonly LiveServer[];
  readonly rendered: readonly Uint8Array[];
  readonly bytes: number;
  readonly answer: JsonBytes;
  /** When it was last found to be how the servers are; monotonic milliseconds. */
  madeAt: number;
}

/**
 * Who may see what is decided for every request, by those who ask for the list; here it is only seen that the same servers are asked for
 * again, and that each of them still is what it was (`render` gives the same bytes then). Where many wait for their turn, one list is made
 * for all of them.
 */
export function createServerList(render: Render, monotonic: () => number, mostBytes = MOST_BYTES): ServerList {
  /** Last used last. */
  let lists: readonly Kept[] = [];
  const keptBytes = (): number => lists.reduce((sum, { bytes }) => sum + bytes, 0);
  const keep = (list: Kept, known: Kept | undefined): void => {
    lists = [...lists.filter((one) => one !== known), list];
    while (lists.length > MOST_LISTS || keptBytes() > mostBytes) lists = lists.slice(1);
  };
  return {
    of(servers, askedMsAgo = 0) {
      const now = monotonic();
      const known = lists.find((list) => isSame(list.servers, servers));
      if (known !== undefined && known.madeAt > now - askedMsAgo) return known.answer;
      const rendered = render(servers);
      const list = known !== undefined && isSame(known.rendered, rendered) ? known : listOf(servers, rendered);
      list.madeAt = now;
      if (list !== known || lists.at(-1) !== list) keep(list, known);
      return list.answer;
    },
    get keptBytes() {
      return keptBytes();
    },
  };
}

function listOf(servers: readonly LiveServer[], rendered: readonly Uint8Array[]): Kept {
  const [first, ...others] = rendered;
  const answer = new JsonBytes(["[", ...(first === undefined ? [] : [first.subarray(1)]), ...others, "]"]);
  return { servers, rendered, bytes: answer.enveloped().length, answer, madeAt: Number.NEGATIVE_INFINITY };
}

function isSame(before: readonly unknown[], now: readonly unknown[]): boolean {
  return before.length === now.length && before.every((one, index) => one === now[index]);
}
