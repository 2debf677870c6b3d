import { refuse, ROLE, userOf } from "#kernel";
import type { Caller } from "#kernel";
import type { Queries } from "#platform/database";
import { accountStore } from "./account-store.ts";

/** Whoever was one when the request came in may be none, disabled, or nobody, by now. */
export async function requireAdministrator(tx: Queries, caller: Caller): Promise<void> {
  const account = await accountStore.find(tx, userOf(caller)?.id ?? 0);
  if (account?.user.role !== ROLE.admin || account.disabled) throw refuse("unauthorized");
}
