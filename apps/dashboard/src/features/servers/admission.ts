import { refuse } from "#kernel";
import { SYSTEM } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Changes, Queries } from "#platform/database";
import { serverKind, serverStore } from "./store.ts";

export interface AdmissionDeps {
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  readonly newName: () => string;
  /** Servers one member may have by registration (spec 60 section 5). */
  readonly serversPerMember: number;
  readonly isMember: (userId: number) => boolean;
  /** Whether the user's row is there, as of the transaction; user 0 always is. */
  readonly isOwner: (tx: Queries, userId: number) => Promise<boolean>;
}

/** A host without a row. */
export interface Newcomer {
  readonly uuid: string;
  readonly ownerId: number;
  /** A made-up one when there is none. */
  readonly name?: string;
}

/**
 * Makes the row of a host, in a transaction; its id.
 *
 * @param counts how many servers users own, for those who admit several in one transaction
 * @throws {AppError} when the owner is gone or has too many
 */
export type Admit = (tx: Queries, changes: Changes, newcomer: Newcomer, counts?: Map<number, number>) => Promise<number>;

export function createAdmission(deps: AdmissionDeps): Admit {
  return async (tx, changes, { uuid, ownerId, name = "" }, counts = new Map()) => {
    if (!(await deps.isOwner(tx, ownerId))) throw refuse("user id %d does not exist", ownerId);
    if (deps.isMember(ownerId)) {
      const owned = counts.get(ownerId) ?? (await serverStore.countOf(tx, ownerId));
      if (owned >= deps.serversPerMember) throw refuse("too many servers: at most %d for one user", deps.serversPerMember);
      counts.set(ownerId, owned + 1);
    }
    const to = { uuid, ownerId, name: name === "" ? deps.newName() : name };
    const id = await serverStore.insert(tx, to, deps.now());
    changes.put(serverKind.name, id);
    await deps.audit.write(tx, { actor: SYSTEM, action: "server.register", kind: serverKind.name, key: id, to });
    return id;
  };
}
