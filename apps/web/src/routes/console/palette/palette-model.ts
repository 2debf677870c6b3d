export type EntryKind = "page" | "server" | "terminal" | "files" | "service" | "rule" | "task" | "channel" | "user" | "setting" | "action";

/** Something to go to. */
export interface PaletteEntry {
  readonly kind: EntryKind;
  readonly name: string;
  /** Tells equal names apart, and is searched too: an address, a target. */
  readonly aside: string;
  readonly to: string;
  readonly search: Readonly<Record<string, string>>;
}

const MOST = 40;

/** Entries that hold every word of the query; a name that begins with it first, then one that has it, then the rest in their order. */
export function findEntries(entries: readonly PaletteEntry[], query: string): PaletteEntry[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const ranked = entries.flatMap((entry, i) => {
    const rank = rankOf(entry, words, query.trim().toLowerCase());
    return rank === undefined ? [] : [{ entry, rank, i }];
  });
  return ranked
    .toSorted((a, b) => a.rank - b.rank || a.i - b.i)
    .slice(0, MOST)
    .map(({ entry }) => entry);
}

function rankOf({ name, aside, kind }: PaletteEntry, words: readonly string[], query: string): number | undefined {
  const called = name.toLowerCase();
  const text = `${called} ${aside.toLowerCase()} ${kind}`;
  if (!words.every((word) => text.includes(word))) return undefined;
  // What can be done on a server comes after the server itself.
  const extra = kind === "terminal" || kind === "files" ? 1 : 0;
  if (called.startsWith(query)) return extra;
  return (words.every((word) => called.includes(word)) ? 2 : 4) + extra;
}
