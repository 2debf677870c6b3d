import type { ShareKind } from "@windfire/api";
import { shareOf } from "#kernel";
import type { Caller } from "#kernel";

export type { ShareSubject, ShareSubjects } from "./commands.ts";
export { createShareLinks } from "./room.ts";
export type { ShareLinksDeps, ShareLinksRoom } from "./room.ts";

/**
 * Whether a request carries a share link that opens this row, for kinds that `access/policy` does not judge. Who came otherwise is judged by
 * the rules of the kind.
 *
 * @public
 */
export function opensByLink(caller: Caller, kind: ShareKind, id: number): boolean {
  return shareOf(caller)?.has(kind, id) === true;
}
