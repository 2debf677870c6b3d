import { shareOf } from "#kernel";
import type { Caller } from "#kernel";

export type { ShareSubject, ShareSubjects } from "./commands.ts";
export { createShareLinks } from "./room.ts";
export type { ShareLinksDeps, ShareLinksRoom } from "./room.ts";

/** Whether a request carries a share link that opens this row. Who came otherwise is judged by the rules of their kind. */
export function opensByLink(caller: Caller, kind: Parameters<NonNullable<ReturnType<typeof shareOf>>["has"]>[0], id: number): boolean {
  return shareOf(caller)?.has(kind, id) === true;
}
