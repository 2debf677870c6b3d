import type { Changes, Database, Kept, Queries } from "#platform/database";
import { afterTelling, isForgotten, isMuted } from "./mute-schedule.ts";
import type { MuteEntry } from "./mute-schedule.ts";

interface Mute extends MuteEntry {
  readonly key: string;
  readonly label: string;
  readonly groupId: number;
}

const KIND = {
  name: "mute",
  keyOf: (mute: Mute): string => mute.key,
  order: (a: Mute, b: Mute): number => a.until - b.until,
  indexes: { event: (mute: Mute): string => eventOf(mute.groupId, mute.label) },
  load: async (queries: Queries, keys?: readonly string[]): Promise<Mute[]> => {
    const query = queries.selectFrom("wf_mutes").selectAll();
    const rows = await (keys ? query.where("key", "in", keys) : query).execute();
    return rows.map(({ key, label, group_id, wait_ms, until_at }) => ({ key, label, groupId: group_id, wait: wait_ms, until: until_at }));
  },
};

/** Entries kept; the one that ends first goes when there are more, and its event is told once more. */
const MOST_ENTRIES = 20_000;

function eventOf(groupId: number, label: string): string {
  return `${groupId} ${label}`;
}

function keyOf(label: string, groupId: number, channelId: number): string {
  return `${eventOf(groupId, label)} ${channelId}`;
}

/** Keeps a lasting event from being told at every check: one entry for each label, group and channel (spec 30 section 3.6). */
export type Mutes = Awaited<ReturnType<typeof createMutes>>;

/** See {@link Mutes}. */
export async function createMutes({ database, now }: { database: Pick<Database, "change" | "keep">; now: () => number }) {
  const entries: Kept<string, Mute> = await database.keep(KIND);
  return {
    isMuted: (label: string, groupId: number, channelId: number): boolean => isMuted(entries.get(keyOf(label, groupId, channelId)), now()),
    /** Whether a channel that was told may be told again; `undefined` when nothing is known of its having been told. */
    isOver: (label: string, groupId: number, channelId: number): boolean | undefined => {
      const entry = entries.get(keyOf(label, groupId, channelId));
      return entry && !isMuted(entry, now());
    },
    /** A channel took a message of the event. */
    async note(tx: Queries, changes: Changes, label: string, groupId: number, channelId: number): Promise<void> {
      const key = keyOf(label, groupId, channelId);
      const { wait, until } = afterTelling(entries.get(key), now());
      const values = { wait_ms: wait, until_at: until };
      await tx
        .insertInto("wf_mutes")
        .values({ key, label, group_id: groupId, channel_id: channelId, ...values })
        .onConflict((conflict) => conflict.column("key").doUpdateSet(values))
        .execute();
      changes.put(KIND.name, key);
    },
    /** The event is over: the next one is told at once. Costs nothing where nothing is muted. */
    async clear(groupId: number, label: string): Promise<void> {
      const keys = entries.by("event", eventOf(groupId, label)).map(({ key }) => key);
      if (keys.length === 0) return;
      await database.change(async (tx, changes) => {
        await tx.deleteFrom("wf_mutes").where("key", "in", keys).execute();
        changes.gone(KIND.name, keys);
      });
    },
    /** Forgets events that are not told any more. */
    async prune(): Promise<void> {
      const all = entries.list();
      const surplus = all.slice(0, Math.max(0, all.length - MOST_ENTRIES));
      const gone = [...new Set([...surplus, ...all.filter((entry) => isForgotten(entry, now()))])].map(({ key }) => key);
      for (let from = 0; from < gone.length; from += 500) {
        const keys = gone.slice(from, from + 500);
        await database.change(async (tx, changes) => {
          await tx.deleteFrom("wf_mutes").where("key", "in", keys).execute();
          changes.gone(KIND.name, keys);
        });
      }
    },
  };
}
