import { canManage, reachesServer } from "#access/policy";
import { refuseText } from "#kernel";
import type { Caller } from "#kernel";

/** What a silence may name. */
export type Subject = "rule" | "service" | "server" | "group";

/** Owner of a row that a silence may name, `undefined` when there is none. */
export type OwnerOf = (subject: Subject, id: number) => number | undefined;

/** @throws AppError for the first id that is not the caller's; rows of others and rows that are not there answer alike */
export function requireSubjects(ownerOf: OwnerOf, caller: Caller, subject: Subject, ids: Iterable<number>): void {
  for (const id of ids) {
    const ownerId = ownerOf(subject, id);
    const isMine = ownerId !== undefined && canManage(caller, { ownerId }) && (subject !== "server" || reachesServer(caller, id));
    if (!isMine) throw refuseText(`${subject} id ${id} does not exist`);
  }
}

/** Rows that the caller may see and change. */
export function mine<T extends { readonly ownerId: number }>(caller: Caller, rows: readonly T[]): T[] {
  return rows.filter((row) => canManage(caller, row));
}
