/** Shown by its text `palette.kind.*`; a query finds it as it is written here. */
export type EntryKind =
  | "page"
  | "group"
  | "server"
  | "terminal"
  | "files"
  | "service"
  | "rule"
  | "task"
  | "channel"
  | "user"
  | "setting"
  | "action";

/** Something to go to. */
export interface PaletteEntry {
  readonly kind: EntryKind;
  readonly name: string;
  /** Tells equal names apart, and is searched too: an address, a target. */
  readonly aside: string;
  /** Searched and not shown: tags, groups. */
  readonly words?: string;
  readonly to: string;
  readonly search: Readonly<Record<string, string>>;
}

const MOST = 40;

/** What an entry is remembered by: where it leads. */
export const keyOf = ({ to, search }: PaletteEntry): string => `${to}?${new URLSearchParams(search).toString()}`;

const MOST_RECENT = 6;

/** Places last gone to, newest first, with one more. */
export const withRecent = (recent: readonly string[], entry: PaletteEntry): string[] =>
  [keyOf(entry), ...recent.filter((key) => key !== keyOf(entry))].slice(0, MOST_RECENT);

/** What was stored of them; anything else is nothing. */
export const readRecent = (stored: string | undefined): string[] => (stored ?? "").split("\n").filter((key) => key !== "");

/**
 * Entries that hold every word of the query; a name that begins with it first, then one that has it, then the rest in their order. Without
 * a query those that were gone to last are first.
 */
export function findEntries(entries: readonly PaletteEntry[], query: string, recent: readonly string[] = []): PaletteEntry[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const ranked = entries.flatMap((entry, i) => {
    const last = words.length === 0 ? recent.indexOf(keyOf(entry)) : -1;
    const rank = last >= 0 ? last - recent.length : rankOf(entry, words, query.trim().toLowerCase());
    return rank === undefined ? [] : [{ entry, rank, i }];
  });
  return ranked
    .toSorted((a, b) => a.rank - b.rank || a.i - b.i)
    .slice(0, MOST)
    .map(({ entry }) => entry);
}

function rankOf({ name, aside, words: more = "", kind }: PaletteEntry, words: readonly string[], query: string): number | undefined {
  const called = name.toLowerCase();
  const text = `${called} ${aside.toLowerCase()} ${more.toLowerCase()} ${kind}`;
  if (!words.every((word) => text.includes(word))) return undefined;
  // What can be done on a server comes after the server itself.
  const extra = kind === "terminal" || kind === "files" ? 1 : 0;
  if (called.startsWith(query)) return extra;
  return (words.every((word) => called.includes(word)) ? 2 : 4) + extra;
}
