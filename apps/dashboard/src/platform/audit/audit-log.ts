import { StoredKey } from "#platform/database";
import type { Database, Queries } from "#platform/database";
import type { Actor } from "./actor.ts";
import { changedFields } from "./changed-fields.ts";
import { lineOf } from "./lines.ts";
import type { AuditLine } from "./lines.ts";

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

/** Lines that are never exceeded, whatever is to be kept and whenever somebody looks. */
const MOST_LINES = 1_100_000;
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
      const { id } = await tx
        .insertInto("wf_audit")
        .values({
          at: now(),
          actor: actor.kind,
          user_id: actor.userId,
          username: actor.username,
          token_id: actor.tokenId,
          token_name: actor.tokenName ?? "",
          address: actor.address,
          action,
          kind,
          key: new StoredKey(key),
          fields: JSON.stringify(changedFields(from, to, secrets)),
        })
        .returning("id")
        .executeTakeFirstOrThrow();
      if (++written % PRUNE_EVERY === 0) {
        await tx
          .deleteFrom("wf_audit")
          .where("id", "<=", id - MOST_LINES)
          .execute();
      }
    },
    async newest(limit) {
      return (await database.kysely.selectFrom("wf_audit").selectAll().orderBy("id", "desc").limit(limit).execute()).map(lineOf);
    },
  };
}
