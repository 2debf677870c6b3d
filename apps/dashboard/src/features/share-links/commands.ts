import type { ShareKind } from "@windfire/api";
import { canManage } from "#access/policy";
import { refuse, refuseText } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import type { Passwords } from "#platform/password";
import { hashOf, KEPT_ENDED_MS } from "./model.ts";
import type { SharedRow, ShareLink } from "./model.ts";
import { shareLinkKind, shareLinkStore } from "./store.ts";
import type { ShareLinks } from "./store.ts";

const KIND = shareLinkKind.name;
const DAY_MS = 86_400_000;

/** Rows of one kind that links may show, as the room that owns them answers. */
export interface ShareSubject {
  /** Whose row it is; `undefined` when there is none of that id. */
  ownerOf(id: number): number | undefined;
  /** Where it is seen. */
  pathOf(id: number): string;
}
export type ShareSubjects = Readonly<Record<ShareKind, ShareSubject>>;

export interface ShareCommandDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  readonly links: ShareLinks;
  readonly subjects: ShareSubjects;
  readonly passwords: Pick<Passwords, "hash">;
  readonly requireRoom: (user: User, rows: number) => void;
  readonly newSecret: () => string;
}

export interface ShareForm {
  readonly name: string;
  readonly rows: readonly SharedRow[];
  readonly days: number;
  /** "": none. */
  readonly password: string;
}

/** Links as people make and withdraw them: of rows of their own, administrators of all. */
export function createShareCommands(deps: ShareCommandDeps) {
  const { audit, database, links, now } = deps;
  const requireRows = (caller: Caller, rows: readonly SharedRow[]): void => {
    for (const { kind, id } of rows) {
      const ownerId = deps.subjects[kind].ownerOf(id);
      // Rows of others and rows that are not there read alike.
      if (ownerId === undefined || !canManage(caller, { ownerId })) throw refuseText(`rows: ${kind} id ${id} does not exist`);
    }
  };
  return {
    list: (caller: Caller): ShareLink[] => links.list().filter((link) => canManage(caller, link)),

    /** The only moment at which the secret is there. */
    async create(caller: Caller, user: User, form: ShareForm): Promise<{ readonly link: ShareLink; readonly secret: string }> {
      requireRows(caller, form.rows);
      const [secret, at] = [deps.newSecret(), now()];
      const passwordHash = form.password === "" ? "" : await deps.passwords.hash(form.password);
      const rows = [...new Map(form.rows.map((row) => [`${row.kind} ${row.id}`, row])).values()];
      const fields = { ownerId: user.id, name: form.name, rows, createdAt: at, expiresAt: at + form.days * DAY_MS };
      const link = await database.change(async (tx, changes) => {
        requireRows(caller, rows);
        const past = await shareLinkStore.ended(tx, at - KEPT_ENDED_MS);
        await shareLinkStore.delete(tx, past);
        if (past.length > 0) changes.gone(KIND, past);
        deps.requireRoom(user, links.by("owner", user.id).length);
        const stored = { ...fields, hash: hashOf(secret), passwordHash, openedAt: 0 };
        const id = await shareLinkStore.insert(tx, stored);
        changes.put(KIND, id);
        await audit.write(tx, { actor: actorOf(caller), action: `${KIND}.create`, kind: KIND, key: id, to: fields });
        return { ...stored, id };
      });
      return { link, secret };
    },

    /** All or nothing on permission; unknown ids are passed over. What is open by the links is closed. */
    async revoke(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx, changes) => {
        const found = await shareLinkKind.load(tx, [...new Set(ids)]);
        if (!found.every((link) => canManage(caller, link))) throw refuse("permission denied");
        if (found.length === 0) return;
        for (const { hash: _hash, passwordHash: _password, ...from } of found)
          await audit.write(tx, { actor: actorOf(caller), action: `${KIND}.delete`, kind: KIND, key: from.id, from });
        const gone = found.map(({ id }) => id);
        await shareLinkStore.delete(tx, gone);
        changes.gone(KIND, gone);
      });
    },
  };
}

export type ShareCommands = ReturnType<typeof createShareCommands>;
