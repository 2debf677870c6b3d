import type { Selectable } from "kysely";
import type { AuditTable } from "#platform/database";
import type { Actor } from "./actor.ts";
import type { ChangedField } from "./changed-fields.ts";

/** A line of the audit log. `at` is Unix milliseconds. */
export interface AuditLine extends Actor {
  readonly id: number;
  readonly at: number;
  readonly tokenName: string;
  readonly action: string;
  readonly targetKind: string;
  readonly key: number | string;
  readonly fields: readonly ChangedField[];
}

const KINDS = ["user", "token", "mcp", "guest"] as const;

export function lineOf({ actor, user_id, token_id, token_name, kind, fields, ...row }: Selectable<AuditTable>): AuditLine {
  return {
    id: row.id,
    at: row.at,
    kind: KINDS.find((known) => known === actor) ?? "system",
    userId: user_id,
    username: row.username,
    tokenId: token_id,
    tokenName: token_name,
    address: row.address,
    action: row.action,
    targetKind: kind,
    key: row.key,
    // Written by `changedFields`.
    fields: JSON.parse(fields) as ChangedField[],
  };
}
