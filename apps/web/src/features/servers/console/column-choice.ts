/** Columns that can be shown beside the name, in their order; `agent` and so on are keys of the list's columns. */
export const CHOSEN_BY_READER = [
  "state",
  "address",
  "groups",
  "tags",
  "cpu",
  "memory",
  "disk",
  "network",
  "load",
  "uptime",
  "agent",
  "owner",
  "public",
  "renewal",
] as const;
export type ColumnName = (typeof CHOSEN_BY_READER)[number];

/** Those of a wide screen while the width decides: what a choice begins from. */
export const SHOWN_BY_WIDTH: readonly ColumnName[] = ["state", "address", "groups", "cpu", "memory", "network", "agent", "owner", "public"];

/** What a list shows until somebody chooses: by the width of the screen. */
export const BY_WIDTH = "auto";

/** Columns that an address or a stored choice names; `undefined` for none, and then the width decides. */
export function readColumns(text: string | undefined): readonly ColumnName[] | undefined {
  if (text === undefined || text === "" || text === BY_WIDTH) return undefined;
  const named = new Set(text.split(","));
  return CHOSEN_BY_READER.filter((name) => named.has(name));
}

export const writeColumns = (columns: readonly ColumnName[]): string => (columns.length === 0 ? "none" : columns.join(","));
