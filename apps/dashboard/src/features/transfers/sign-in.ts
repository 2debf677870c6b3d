import type { TransferSecrets, TransferVerdict } from "#features/fleet";
import type { Queries } from "#platform/database";
import type { Credentials } from "./credentials.ts";
import { isReverted } from "./model.ts";
import type { MoveDeps, Moves } from "./moves.ts";
import { transferStore } from "./store.ts";

export interface SignInDeps {
  readonly queries: Queries;
  readonly credentials: Credentials;
  readonly moves: Pick<Moves, "verify" | "confirmRevert">;
  readonly findServer: MoveDeps["findServer"];
  readonly onError: (error: unknown) => void;
}

const ACCEPT: TransferVerdict = { outcome: "accept" };
const UNKNOWN: TransferVerdict = { outcome: "unknown" };

/** What authentication of agents asks about the secrets of transfers (spec 30 section 7.5). */
export function createSignIn({ queries, credentials, moves, findServer, onError }: SignInDeps): TransferSecrets {
  /** Ended by somebody else at the same moment: given back, the secret is good for a day; verified, it is the agent's own. */
  const ended = async (id: number): Promise<TransferVerdict> => {
    const row = await transferStore.find(queries, id);
    if (!row) return UNKNOWN;
    const isBack = isReverted(row) && (await findServer(queries, row.serverId))?.ownerId === row.fromUserId;
    return isBack || row.ackedAt !== undefined ? ACCEPT : UNKNOWN;
  };
  const judge = async (secret: string, serverId: number | undefined): Promise<TransferVerdict> => {
    const presented = credentials.find(secret);
    if (!presented) return UNKNOWN;
    if (presented.kind === "permanent") return presented.serverId === serverId ? ACCEPT : bound("transfer verified handshake secret");
    const { transfer } = presented;
    if (transfer.serverId !== serverId)
      return bound(presented.kind === "pending" ? "transfer handshake secret" : "transfer terminal-recovery secret");
    if (presented.kind === "recovery") {
      if (presented.revert) await moves.confirmRevert(transfer);
      return ACCEPT;
    }
    try {
      return (await moves.verify(transfer)) ? ACCEPT : await ended(transfer.id);
    } catch (error) {
      onError(error);
      return { outcome: "refuse", text: "transfer handshake verification failed" };
    }
  };
  return {
    judge,
    pending: credentials.pending,
    rolledBackFrom: (serverId) => credentials.rollback(serverId)?.fromUserId,
  };
}

function bound(what: string): TransferVerdict {
  return { outcome: "refuse", text: `${what} bound to a different server` };
}
