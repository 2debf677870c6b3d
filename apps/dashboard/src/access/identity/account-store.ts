import { ROLE } from "#kernel";
import type { Role, User } from "#kernel";
import { readFlag, readNumber, readText, readTime, writeFlag, writeTime } from "#platform/database";
import { accessStore } from "./access-store.ts";
import type { ViewerRows } from "./access-store.ts";
import { disabledStore } from "./disabled-store.ts";
import type { Kept, Queries, StoredTime, UsersTable } from "#platform/database";

/** A user as stored, without the password hash. Replaced, never changed. */
export interface Account {
  readonly user: User;
  readonly agentSecret: string;
  /** Sign-in by password is refused. */
  readonly rejectPassword: boolean;
  /** Nobody gets in as this user; what is theirs goes on. */
  readonly disabled: boolean;
  /** Sessions with another number are over. */
  readonly tokenVersion: number;
  readonly createdAt: StoredTime;
  readonly updatedAt: StoredTime;
  /** Of a viewer: what there is to read. */
  readonly viewer?: ViewerRows | undefined;
}

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

/** All users in memory, in the order of their ids. */
export type Accounts = Kept<number, Account, (typeof userKind)["indexes"]>;

export const userKind = {
  name: "user",
  keyOf: ({ user }: Account): number => user.id,
  order: (a: Account, b: Account): number => a.user.id - b.user.id,
  indexes: {
    username: ({ user }: Account): string => user.username,
    // A viewer has no agents.
    secret: ({ agentSecret, viewer }: Account): string | undefined => (viewer ? undefined : agentSecret || undefined),
  },
  load: async (queries: Queries, ids?: readonly number[]): Promise<Account[]> => {
    const query = queries.selectFrom("users").select(COLUMNS).orderBy("id");
    const rows = await (ids ? query.where("id", "in", ids) : query).execute();
    const viewers = await accessStore.load(queries, ids);
    const disabled = await disabledStore.load(queries, ids);
    return rows.map((row) => readAccount(row, { viewer: viewers.get(row.id), disabled: disabled.has(row.id) }));
  },
};

/** SQL of the table `users` (spec 41 section 10.2). `at` is Unix milliseconds. */
export const accountStore = {
  async find(queries: Queries, id: number): Promise<Account | undefined> {
    return (await userKind.load(queries, [id]))[0];
  },
  async passwordHash(queries: Queries, id: number): Promise<string> {
    const row = await queries.selectFrom("users").select("password").where("id", "=", id).executeTakeFirst();
    return readText(row?.password);
  },
  /** Only while the stored hash is still `from`: what its owner changes goes first. */
  async raiseHash(tx: Queries, id: number, { from, to }: { readonly from: string; readonly to: string }): Promise<void> {
    await tx.updateTable("users").set({ password: to }).where("id", "=", id).where("password", "=", from).execute();
  },
  async insert(tx: Queries, { username, passwordHash, role, agentSecret }: NewAccount, at: number): Promise<Account> {
    const time = writeTime(at);
    const fields = { username, role, agent_secret: agentSecret, reject_password: 0, token_version: 0, created_at: time, updated_at: time };
    const { id } = await tx
      .insertInto("users")
      .values({ ...fields, user_id: 0, password: passwordHash })
      .returning("id")
      .executeTakeFirstOrThrow();
    return readAccount({ ...fields, id }, { disabled: false });
  },
  async update(tx: Queries, id: number, change: AccountChange, at: number): Promise<void> {
    const password = change.passwordHash === undefined ? {} : { password: change.passwordHash };
    await tx
      .updateTable("users")
      .set({
        username: change.username,
        ...password,
        reject_password: writeFlag(change.rejectPassword),
        token_version: change.tokenVersion,
        updated_at: writeTime(at),
      })
      .where("id", "=", id)
      .execute();
  },
  async setRole(tx: Queries, id: number, role: Role, at: number): Promise<void> {
    await tx
      .updateTable("users")
      .set({ role, updated_at: writeTime(at) })
      .where("id", "=", id)
      .execute();
  },
  /** For users who have no password: signing in with one is refused. */
  async rejectPassword(tx: Queries, id: number): Promise<void> {
    await tx
      .updateTable("users")
      .set({ reject_password: writeFlag(true) })
      .where("id", "=", id)
      .execute();
  },
  async setSecret(tx: Queries, id: number, agentSecret: string, at: number): Promise<void> {
    await tx
      .updateTable("users")
      .set({ agent_secret: agentSecret, updated_at: writeTime(at) })
      .where("id", "=", id)
      .execute();
  },
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    await tx.deleteFrom("users").where("id", "in", ids).execute();
  },
};

type Row = Pick<UsersTable, Exclude<(typeof COLUMNS)[number], "id" | "token_version">> & {
  readonly id: number;
  readonly token_version: number;
};

function readAccount(row: Row, { viewer, disabled }: { readonly viewer?: ViewerRows | undefined; readonly disabled: boolean }): Account {
  // A role of NULL comes from before roles existed: everybody was administrator (spec 41 section 9.3b). A viewer never is one.
  const role = !viewer && readNumber(row.role) === ROLE.admin ? ROLE.admin : ROLE.member;
  return {
    user: { id: row.id, username: readText(row.username), role },
    agentSecret: readText(row.agent_secret),
    rejectPassword: readFlag(row.reject_password),
    disabled,
    tokenVersion: readNumber(row.token_version),
    createdAt: readTime(row.created_at),
    updatedAt: readTime(row.updated_at),
    viewer,
  };
}
