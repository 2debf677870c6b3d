import { refuse, ROLE } from "#kernel";
import type { Role, User } from "#kernel";
import { runCascades } from "#platform/database";
import type { Cascade, Changes, Queries } from "#platform/database";
import { accountStore } from "./account-store.ts";

export interface RoleChangeDeps {
  readonly now: () => number;
  /** What ends with the rights of an administrator. */
  readonly demotedCascades: readonly Cascade[];
}

/** @throws {AppError} when a number is no role */
export function requireRole(role: number): asserts role is Role {
  if (role !== ROLE.admin && role !== ROLE.member) throw refuse("invalid role");
}

/** Writes another role, and ends in the same transaction what the one before allowed. */
export async function changeRole(
  { now, demotedCascades }: RoleChangeDeps,
  tx: Queries,
  changes: Changes,
  { id, role }: Pick<User, "id" | "role">,
  next: Role,
): Promise<void> {
  await accountStore.setRole(tx, id, next, now());
  if (role === ROLE.admin && next !== ROLE.admin) await runCascades(tx, demotedCascades, [id], changes);
}
