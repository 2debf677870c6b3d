import type { Host } from "@windfire/api";

/** Rights of a host that pages ask for, as its agent calls them. */
export type RightName = "terminal" | "files" | "update";

/** Whether a host surely does not permit something now. Agents that do not say what they permit leave it open. */
export function isForbidden({ rights }: Pick<Host, "rights">, name: RightName, now: number): boolean {
  if (rights === undefined) return false;
  const right = rights.find((known) => known.name === name);
  return right === undefined || (right.until !== undefined && right.until * 1000 <= now);
}
