import { refuse } from "#kernel";
import type { SessionCaller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Changes, Database, Queries } from "#platform/database";
import { bindingKind, bindingStore } from "./binding-store.ts";
import type { ProviderAccount } from "./binding-store.ts";

const KIND = bindingKind.name;

export interface BindingCommandDeps {
  readonly now: () => number;
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
}

/** What people do with their ways in through providers (spec 10 section 8). */
export function createBindingCommands({ now, database, audit }: BindingCommandDeps) {
  return {
    /** Gives a provider account to a user, also one left behind by a user who is gone. Whose it is already may not be told. */
    bind: async (caller: SessionCaller, account: ProviderAccount): Promise<void> =>
      database.change(async (tx, changes) => {
        const userId = caller.user.id;
        if (!(await bindingStore.user(tx, userId))) throw refuse("unauthorized");
        const held = await bindingStore.ofAccount(tx, account);
        const [first] = held;
        if (first?.userId === userId) return;
        const ids = held.map(({ id }) => id);
        if (first === undefined) ids.push(await bindingStore.insert(tx, userId, account, now()));
        else if (await bindingStore.user(tx, first.userId)) throw refuse("permission denied");
        else await bindingStore.giveTo(tx, userId, ids, now());
        changes.put(KIND, ...ids);
        await audit.write(tx, { actor: actorOf(caller), action: "oauth2.bind", kind: "user", key: userId, to: account });
      }),
    /**
     * Removes all bindings of a user to a provider.
     *
     * @param others the other providers through which people can sign in
     * @throws {AppError} when the user may not sign in by password and no other way in would be left; nothing is removed then
     */
    unbind: async (caller: SessionCaller, provider: string, others: readonly string[]): Promise<void> =>
      database.change(async (tx, changes) => {
        const userId = caller.user.id;
        const user = await bindingStore.user(tx, userId);
        if (!user) throw refuse("unauthorized");
        const bound = await bindingStore.ofUser(tx, userId);
        if (user.rejectsPassword && !bound.some((binding) => others.includes(binding.provider))) throw refuse("operation not permitted");
        const removed = bound.filter((binding) => binding.provider === provider);
        const ids = removed.map(({ id }) => id);
        await bindingStore.delete(tx, ids);
        changes.gone(KIND, ids);
        for (const { openId } of removed)
          await audit.write(tx, { actor: actorOf(caller), action: "oauth2.unbind", kind: "user", key: userId, from: { provider, openId } });
      }),
    /** For an account that is made for somebody: within its transaction. */
    async bindNew(tx: Queries, changes: Changes, userId: number, account: ProviderAccount): Promise<void> {
      const held = await bindingStore.ofAccount(tx, account);
      const [first] = held;
      if (first && (await bindingStore.user(tx, first.userId))) throw refuse("permission denied");
      const ids = held.map(({ id }) => id);
      if (first === undefined) ids.push(await bindingStore.insert(tx, userId, account, now()));
      else await bindingStore.giveTo(tx, userId, ids, now());
      changes.put(KIND, ...ids);
    },
    /** For the deletion of users. */
    async removeUsers(tx: Queries, changes: Changes, userIds: readonly number[]): Promise<void> {
      changes.gone(KIND, await bindingStore.deleteOfUsers(tx, userIds));
    },
  };
}

export type BindingCommands = ReturnType<typeof createBindingCommands>;
