import { TRANSFER_STATUS } from "@windfire/api";
import type { TransferStatus } from "@windfire/api";
import { coerce, gte, valid } from "semver";

/** A move of a server to another owner (spec 30 section 7.1). The secrets are never shown. */
export interface Transfer {
  readonly id: number;
  readonly serverId: number;
  readonly fromUserId: number;
  readonly toUserId: number;
  readonly initiatorId: number;
  readonly status: TransferStatus;
  readonly lastError: string;
  /** RFC 3339; absent until the agent came back with its new credential. */
  readonly ackedAt: string | undefined;
  readonly ackedMs: number;
  readonly createdAt: string;
  readonly createdMs: number;
  readonly updatedAt: string;
  readonly updatedMs: number;
  /** What the agent signs in with once the move is done, */
  readonly handshakeSecret: string;
  /** or once it was undone. */
  readonly revertSecret: string;
}

export const DAY_MS = 24 * 3_600_000;

/** First agent that can rotate its credential. */
const OLDEST_AGENT = "1.18.0";
export const TOO_OLD = "agent build older than v1.18.0 does not support server transfer (TaskTypeServerTransferApply)";

/** Unknown and unreadable versions pass: the agent itself will refuse. */
export function isTooOld(version: string): boolean {
  const text = version.replace(/^v/, "");
  const exact = valid(text) ?? (/^\d+\.\d+(\.\d+)?$/.test(text) ? coerce(text)?.version : undefined);
  return exact !== undefined && exact !== null && !gte(exact, OLDEST_AGENT);
}

export function isPending(transfer: Transfer): boolean {
  return transfer.status === TRANSFER_STATUS.pending;
}

/** Failed, timed out or cancelled by a person: the server went back. Ends by deletion leave the owner as it is. */
export function isReverted(transfer: Transfer): boolean {
  const { failed, timeout, cancelled } = TRANSFER_STATUS;
  return transfer.status === failed || transfer.status === timeout || transfer.status === cancelled;
}
