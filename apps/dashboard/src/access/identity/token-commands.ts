import { randomText } from "@windfire/kit";
import type { RandomBytes } from "@windfire/kit";
import type { ApiTokenCreate } from "@windfire/api";
import { isAdmin, refuse, refuseText, ROLE } from "#kernel";
import type { SessionCaller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Changes, Database, Queries } from "#platform/database";
import { accountStore } from "./account-store.ts";
import { checkTokenRequest } from "./token-request.ts";
import { tokenKind, tokenStore } from "./token-store.ts";
import type { Token } from "./token-store.ts";
import { hashOf, TOKEN_PREFIX } from "./tokens.ts";

const KIND = tokenKind.name;
const BODY_LENGTH = 32;
const DAY_MS = 86_400_000;

export interface TokenCommandDeps {
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  /** Owner of a server, `undefined` when there is no such server. */
  readonly ownerOfServer: (serverId: number) => number | undefined;
  /** Access tokens of one member at most. */
  readonly rowsPerMember: number;
}

/** What people do with their access tokens (spec 10 section 12). */
export function createTokenCommands({ now, random, database, audit, ownerOfServer, rowsPerMember }: TokenCommandDeps) {
  return {
    /** @returns the token, and its text this once */
    create: async (caller: SessionCaller, form: ApiTokenCreate): Promise<{ readonly token: Token; readonly text: string }> =>
      database.change(async (tx, changes) => {
        const account = await accountStore.find(tx, caller.user.id);
        // Whoever is disabled, has become a viewer, or has stopped being one, has no session any more.
        if (!account || account.disabled || (account.viewer !== undefined) !== (caller.user.sight !== undefined))
          throw refuse("unauthorized");
        const owner = { ...account.user, ...(caller.user.sight && { sight: caller.user.sight }) };
        const { name, scopes, serverIds, expiresInDays } = checkTokenRequest(form, owner, ownerOfServer);
        const most = owner.role === ROLE.admin ? Infinity : rowsPerMember;
        if ((await tokenStore.countOf(tx, owner.id)) >= most) throw refuseText(`too many access tokens (max ${most})`);
        const text = TOKEN_PREFIX + randomText(random, BODY_LENGTH);
        const expiresAt = expiresInDays === 0 ? undefined : now() + expiresInDays * DAY_MS;
        const token = await tokenStore.insert(tx, { userId: owner.id, name, scopes, serverIds, expiresAt }, hashOf(text), now());
        changes.put(KIND, token.id);
        await audit.write(tx, { actor: actorOf(caller), action: "token.create", kind: KIND, key: token.id, to: shown(token) });
        return { token, text };
      }),
    /** Ends everything that runs under it. Somebody else's is not there, but for administrators. */
    delete: async (caller: SessionCaller, id: number): Promise<void> =>
      database.change(async (tx, changes) => {
        const token = await tokenStore.find(tx, id);
        if (!token || (token.userId !== caller.user.id && !isAdmin(caller))) throw refuse("not found");
        await tokenStore.delete(tx, id);
        changes.gone(KIND, [id]);
        await audit.write(tx, { actor: actorOf(caller), action: "token.delete", kind: KIND, key: id, from: shown(token) });
      }),
    /** For the deletion of users. */
    async deleteOfUsers(tx: Queries, changes: Changes, userIds: readonly number[]): Promise<void> {
      changes.gone(KIND, await tokenStore.deleteOfUsers(tx, userIds));
    },
  };
}

export type TokenCommands = ReturnType<typeof createTokenCommands>;

/** What the audit log says of a token. */
function shown({ userId, name, scopes, serverIds, expiresAt }: Token): object {
  return { userId, name, scopes, serverIds, expiresAt: expiresAt?.rfc3339 };
}
