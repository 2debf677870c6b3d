import { canManageServer } from "#access/policy";
import type { OwnedServer } from "#access/policy";
import type { GuessThrottle } from "#access/protection";
import { refuse, refuseText } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf, SYSTEM } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Cascade, Changes, Database, Queries } from "#platform/database";
import { hashOf, isGood } from "./model.ts";
import type { Enrolment } from "./model.ts";
import { codeStore, enrolmentKind, enrolmentStore } from "./store.ts";
import type { Enrolments } from "./store.ts";

const KIND = enrolmentKind.name;

/** A host that comes with a good code. */
export interface Newcomer {
  readonly uuid: string;
  readonly ownerId: number;
  /** "": a made-up one. */
  readonly name: string;
  /** 0: none. */
  readonly groupId: number;
}

export interface EnrolledHostDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly enrolments: Enrolments;
  readonly now: () => number;
  readonly newCredential: () => string;
  readonly throttle: GuessThrottle;
  /** The server of this UUID, as of the transaction; made when there is none. @throws {AppError} */
  readonly admit: (tx: Queries, changes: Changes, newcomer: Newcomer) => Promise<OwnedServer>;
  /** A server's row, as of the transaction. */
  readonly findServer: (tx: Queries, id: number) => Promise<OwnedServer | undefined>;
  readonly server: (id: number) => OwnedServer | undefined;
  /** Ends what else these servers' agents were given to sign in with: secrets of moves to another owner. */
  readonly endOtherCredentials: Cascade;
}

/** A credential as its host gets it, this once. */
export interface HandedOut {
  readonly credential: string;
  readonly serverId: number;
}

const NO_CODE = "this enrolment code is not known, used up, or older than 10 minutes";

/** Hosts with a credential of their own: how they get it, and how it ends. */
export function createEnrolledHosts({ database, audit, enrolments, now, newCredential, throttle, admit, ...deps }: EnrolledHostDeps) {
  const revokeRows = async (tx: Queries, changes: Changes, serverIds: readonly number[]): Promise<Enrolment[]> => {
    const revoked = await enrolmentStore.revoke(tx, serverIds, now());
    changes.put(KIND, ...revoked.map(({ id }) => id));
    changes.gone(KIND, await enrolmentStore.prune(tx));
    return revoked;
  };

  const endCredentials = async (tx: Queries, changes: Changes, serverId: number): Promise<void> => {
    await revokeRows(tx, changes, [serverId]);
    await deps.endOtherCredentials(tx, [serverId], changes);
  };

  const exchange = (code: string, uuid: string, address: string): Promise<HandedOut> =>
    database.change(async (tx, changes) => {
      const taken = await codeStore.take(tx, hashOf(code), now());
      if (!taken) throw refuseText(NO_CODE, 403);
      const { ownerId, name, groupId } = taken;
      const server = await admit(tx, changes, { uuid, ownerId, name, groupId });
      if (server.ownerId !== ownerId) throw refuseText("a server with this UUID belongs to somebody else", 403);
      await endCredentials(tx, changes, server.id);
      const credential = newCredential();
      const enrolment = { serverId: server.id, uuid, ownerId, address };
      const id = await enrolmentStore.insert(tx, { ...enrolment, hash: hashOf(credential) }, now());
      changes.put(KIND, id);
      const actor = { ...SYSTEM, kind: "guest" as const, address };
      await audit.write(tx, { actor, action: "enrolment.create", kind: KIND, key: id, to: { ...enrolment, codeId: taken.id } });
      return { credential, serverId: server.id };
    });

  return {
    /**
     * Exchanges a code for a credential; of several at once with the same code one succeeds. An earlier credential of the same server
     * ends with it. A refused exchange leaves everything as it was, a good code too.
     *
     * @param origin whose guesses are counted together
     */
    async enrol(code: string, uuid: string, origin: string): Promise<HandedOut> {
      const attempt = throttle.attempt(origin);
      if (!attempt.allowed) {
        const seconds = String(attempt.waitSeconds);
        throw refuseText(`too many failed attempts, try again in ${seconds} s`, 429, { "retry-after": seconds });
      }
      const handedOut = await exchange(code, uuid, origin);
      attempt.succeeded();
      return handedOut;
    },

    /** Good credentials of servers that the caller may manage. */
    list: (caller: Caller): Enrolment[] =>
      enrolments.list().filter((enrolment) => {
        const server = deps.server(enrolment.serverId);
        return isGood(enrolment) && server?.ownerId === enrolment.ownerId && canManageServer(caller, server);
      }),

    /** The host is out, its streams end; the server stays. */
    async revoke(caller: Caller, id: number): Promise<void> {
      await database.change(async (tx, changes) => {
        const from = await enrolmentStore.find(tx, id);
        const server = from && isGood(from) ? await deps.findServer(tx, from.serverId) : undefined;
        if (!from || !server || !canManageServer(caller, server)) throw refuse("permission denied");
        await endCredentials(tx, changes, server.id);
        const { serverId, uuid, revokedAt } = from;
        const to = { serverId, uuid, revokedAt: now() };
        await audit.write(tx, {
          actor: actorOf(caller),
          action: "enrolment.revoke",
          kind: KIND,
          key: id,
          from: { serverId, uuid, revokedAt },
          to,
        });
      });
    },

    /** What happens when servers, or the users they belong to, are deleted: their hosts stay out until they are enrolled again. */
    cascades: {
      servers: async (tx, ids, changes) => void (await revokeRows(tx, changes, ids)),
      users: (tx, ids) => codeStore.deleteOfUsers(tx, ids),
    } satisfies Record<string, Cascade>,
  };
}

export type EnrolledHosts = ReturnType<typeof createEnrolledHosts>;
