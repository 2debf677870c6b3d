import type { Database, Queries, AuditTable } from "#platform/database";
import type { Actor } from "./actor.ts";
import { changedFields } from "./changed-fields.ts";
import type { ChangedField } from "./changed-fields.ts";

/** One thing that was done. */
export interface Deed {
  readonly actor: Actor;
  /** Such as `server.update`; never renamed. */
  readonly action: string;
  readonly kind: string;
  readonly key: number | string;
  /** What it was and what it is; a value of `undefined` means that it was not there, or is no more. */
  readonly from?: object | undefined;
  readonly to?: object | undefined;
  /** Names of fields whose values are never written down, only that they changed. */
  readonly secrets?: readonly string[];
}

/** A line of the audit log. `at` is Unix milliseconds. */
export interface AuditLine extends Actor {
  readonly id: number;
  readonly at: number;
  readonly action: string;
  readonly targetKind: string;
  readonly key: number | string;
  readonly fields: readonly ChangedField[];
}

/** Lines kept; the oldest go. */
const KEPT_LINES = 200_000;
const PRUNE_EVERY = 1_000;

/** Writes who did what into the transaction that does it (table `wf_audit`). */
export interface AuditLog {
  write(tx: Queries, deed: Deed): Promise<void>;
  /** Newest first. */
  newest(limit: number): Promise<readonly AuditLine[]>;
}

/** See {@link AuditLog}. */
export function createAuditLog({ database, now }: { database: Pick<Database, "kysely">; now: () => number }): AuditLog {
  let written = 0;
  return {
    async write(tx, { actor, action, kind, key, from, to, secrets = [] }) {
      const { insertId } = await tx
        .insertInto("wf_audit")
        .values({
          at: now(),
          actor: actor.kind,
          user_id: actor.userId,
          username: actor.username,
          token_id: actor.tokenId,
          address: actor.address,
          action,
          kind,
          key,
          fields: JSON.stringify(changedFields(from, to, secrets)),
        })
        .executeTakeFirstOrThrow();
      if (++written % PRUNE_EVERY === 0) {
        await tx
          .deleteFrom("wf_audit")
          .where("id", "<=", Number(insertId) - KEPT_LINES)
          .execute();
      }
    },
    async newest(limit) {
      const rows = await database.kysely.selectFrom("wf_audit").selectAll().orderBy("id", "desc").limit(limit).execute();
      return rows.map(({ actor, user_id, token_id, kind, fields, ...row }) => ({
        id: row.id,
        at: row.at,
        kind: kindOf(actor),
        userId: user_id,
        username: row.username,
        tokenId: token_id,
        address: row.address,
        action: row.action,
        targetKind: kind,
        key: row.key,
        fields: JSON.parse(fields) as ChangedField[],
      }));
    },
  };
}

function kindOf(actor: AuditTable["actor"]): Actor["kind"] {
  return actor === "user" || actor === "token" || actor === "guest" ? actor : "system";
}
