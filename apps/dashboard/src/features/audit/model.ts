import type { AuditLine as AuditLineJson } from "@windfire/api";
import { formatInstant } from "#kernel";
import type { AuditLine } from "#platform/audit";

/** A line as administrators get it. */
export function shownLine({ id, at, kind, key, targetKind, fields, ...line }: AuditLine): AuditLineJson {
  return {
    id,
    at: formatInstant(at),
    actor: kind,
    user_id: line.userId,
    username: line.username,
    token_id: line.tokenId,
    token_name: line.tokenName,
    address: line.address,
    action: line.action,
    kind: targetKind,
    key: String(key),
    fields: [...fields],
  };
}

/** How much of the log is kept; whatever is reached first, the oldest lines go. */
export interface Retention {
  readonly days: number;
  readonly lines: number;
  readonly megabytes: number;
}

export const DEFAULT_RETENTION: Retention = { days: 365, lines: 200_000, megabytes: 64 };
