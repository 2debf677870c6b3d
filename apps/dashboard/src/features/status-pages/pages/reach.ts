import type { PagePartRef } from "@windfire/api";
import { canManage, serverListOf } from "#access/policy";
import type { Owned } from "#access/policy";
import { refuse, refuseText } from "#kernel";
import type { Caller } from "#kernel";
import { isShown, keyOf, partsOf } from "./model.ts";
import type { PageSettings, ShownRow, StatusPage } from "./model.ts";

export interface ReachDeps {
  readonly rowOf: (part: PagePartRef) => ShownRow | undefined;
  readonly ownsEverything: (userId: number) => boolean;
}

/** Whether a caller may see and change what is a page's; a page is about more than the servers of a token's list. */
export function isMine(caller: Caller, row: Owned): boolean {
  return serverListOf(caller) === undefined && canManage(caller, row);
}

/** @throws {AppError} for pages of others as for pages that are not there */
export function requirePage(caller: Caller, id: number, page: StatusPage | undefined): StatusPage {
  if (!page || !isMine(caller, page)) throw refuseText(`status page id ${id} does not exist`);
  return page;
}

/**
 * Whether a page may list what it lists: rows of the caller's that its owner may show.
 *
 * @param stored what the page lists already, which may be gone or somebody else's by now
 * @throws {AppError} naming the first entry that it may not
 */
export function requireParts(
  { rowOf, ownsEverything }: ReachDeps,
  caller: Caller,
  { ownerId, settings }: Pick<StatusPage, "ownerId" | "settings">,
  stored?: PageSettings,
): void {
  if (serverListOf(caller) !== undefined) throw refuse("permission denied");
  const known = new Set(stored === undefined ? [] : partsOf(stored).map(keyOf));
  const seen = new Set<string>();
  for (const [at, group] of settings.groups.entries()) {
    for (const [index, part] of group.parts.entries()) {
      const field = `groups.${at}.parts.${index}`;
      if (seen.has(keyOf(part))) throw refuseText(`${field}: is on the page already`);
      seen.add(keyOf(part));
      const row = rowOf(part);
      const isTheirs = row !== undefined && canManage(caller, row) && isShown({ name: "x" }, row, { ownerId }, ownsEverything(ownerId));
      if (!isTheirs && !known.has(keyOf(part))) throw refuseText(`${field}.id: ${part.kind} id ${part.id} does not exist`);
      if (row?.hideForGuest === true && part.name === "")
        throw refuseText(`${field}.name: guests do not see this ${part.kind}: write the name that readers of the page are to see`);
    }
  }
}

/** @throws {AppError} naming the first entry that is not on the page */
export function requireOnPage({ settings }: Pick<StatusPage, "settings">, affected: readonly PagePartRef[]): void {
  const parts = new Set(partsOf(settings).map(keyOf));
  for (const [at, part] of affected.entries())
    if (!parts.has(keyOf(part))) throw refuseText(`affected.${at}.id: ${part.kind} id ${part.id} is not on the page`);
}
