/** Tags of one server, and what one is, as the interface takes them. */
const MOST_TAGS = 20;
const TAG = /^.{1,32}$/u;

/** Words as somebody writes them: parted by spaces or commas, each once. */
export const readTags = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter((tag) => tag !== ""))];

export const writeTags = (tags: readonly string[] | undefined): string => (tags ?? []).join(" ");

/** Key of what is wrong. */
export function tagsError(text: string): string | undefined {
  const tags = readTags(text);
  return tags.length > MOST_TAGS || !tags.every((tag) => TAG.test(tag)) ? "tags.wrong" : undefined;
}

/** Tags that servers have, the commonest first. */
export function knownTags(servers: readonly { readonly tags?: readonly string[] | undefined }[]): string[] {
  const counts = new Map<string, number>();
  for (const tag of servers.flatMap(({ tags }) => tags ?? [])) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].toSorted(([a, many], [b, more]) => more - many || a.localeCompare(b)).map(([tag]) => tag);
}
