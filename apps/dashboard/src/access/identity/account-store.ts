import { ROLE } from "#kernel";
import type { Role } from "#kernel";
import { readFlag, readNumber, readText, readTime, writeFlag, writeTime } from "#platform/database";
import type { Database, Queries, UsersTable } from "#platform/database";
import type { Account } from "./accounts.ts";

export interface NewAccount {
  readonly username: string;
  readonly passwordHash: string;
  readonly role: Role;
  readonly agentSecret: string;
}

export interface AccountChange {
  readonly username: string;
  /** `undefined`: stays as it is. */
  readonly passwordHash: string | undefined;
  readonly rejectPassword: boolean;
  readonly tokenVersion: number;
}

const COLUMNS = ["id", "created_at", "updated_at", "username", "role", "agent_secret", "reject_password", "token_version"] as const;

/** SQL of the table `users` (spec 41 section 10.2). */
export function createAccountStore(database: Database) {
  const db = database.kysely;
  return {
    all: async (): Promise<readonly Account[]> => {
      const rows = await db.selectFrom("users").select(COLUMNS).orderBy("id").execute();
      return rows.map(readAccount);
    },
    async passwordHash(id: number): Promise<string> {
      const row = await db.selectFrom("users").select("password").where("id", "=", id).executeTakeFirst();
      return readText(row?.password);
    },
    insert: async (account: NewAccount, now: number, queries: Queries = db): Promise<Account> => insertAccount(queries, account, now),
    /** `false` when the user is gone or has another password than this account: nothing has changed then. */
    async change(tx: Queries, { user, tokenVersion }: Account, change: AccountChange, now: number): Promise<boolean> {
      const password = change.passwordHash === undefined ? {} : { password: change.passwordHash };
      const { numUpdatedRows } = await tx
        .updateTable("users")
        .set({
          username: change.username,
          ...password,
          reject_password: writeFlag(change.rejectPassword),
          token_version: change.tokenVersion,
          updated_at: writeTime(now),
        })
        .where("id", "=", user.id)
        .where("token_version", "=", tokenVersion)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async setSecret(id: number, agentSecret: string, now: number): Promise<void> {
      await db
        .updateTable("users")
        .set({ agent_secret: agentSecret, updated_at: writeTime(now) })
        .where("id", "=", id)
        .execute();
    },
    async delete(tx: Queries, ids: readonly number[]): Promise<void> {
      await tx.deleteFrom("users").where("id", "in", ids).execute();
    },
  };
}

type Row = Pick<UsersTable, Exclude<(typeof COLUMNS)[number], "id" | "token_version">> & {
  readonly id: number;
  readonly token_version: number;
};

function readAccount(row: Row): Account {
  return {
    // A role of NULL comes from before roles existed: everybody was administrator (spec 41 section 9.3b).
    user: { id: row.id, username: readText(row.username), role: readNumber(row.role) === ROLE.admin ? ROLE.admin : ROLE.member },
    agentSecret: readText(row.agent_secret),
    rejectPassword: readFlag(row.reject_password),
    tokenVersion: readNumber(row.token_version),
    createdAt: readTime(row.created_at),
    updatedAt: readTime(row.updated_at),
  };
}

async function insertAccount(db: Queries, account: NewAccount, now: number): Promise<Account> {
  const time = writeTime(now);
  const fields = {
    username: account.username,
    role: account.role,
    agent_secret: account.agentSecret,
    reject_password: 0,
    token_version: 0,
  };
  const row = { ...fields, created_at: time, updated_at: time };
  const { id } = await db
    .insertInto("users")
    .values({ ...row, user_id: 0, password: account.passwordHash })
    .returning("id")
    .executeTakeFirstOrThrow();
  return readAccount({ ...row, id });
}

export type AccountStore = ReturnType<typeof createAccountStore>;
