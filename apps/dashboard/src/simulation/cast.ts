import type { Server } from "#features/servers";
import { testSettings } from "#features/servers/testing";
import { ROLE } from "#kernel";
import type { Caller, User } from "#kernel";

export const admin: User = { id: 1, username: "admin", role: ROLE.admin };
export const alice: User = { id: 2, username: "alice", role: ROLE.member };
export const bob: User = { id: 3, username: "bob", role: ROLE.member };
const USERS = [admin, alice, bob];

export const session = (user: User): Caller => ({ kind: "session", user, sessionKey: "k", via: "cookie" });

/** Administrators, and nobody, have all servers. */
export const ownsEverything = (userId: number): boolean => userId <= admin.id;

export function nameOf(userId: number): string {
  return USERS.find(({ id }) => id === userId)?.username ?? "nobody";
}

export const SERVER_OF_BOB = 4;

/** Alice's first service. */
export const WEB = 1;

export interface Channel {
  readonly id: number;
  readonly ownerId: number;
  readonly groupId: number;
}

/** Who and what there is in a run besides rules, services, crons and profiles. */
export interface Cast {
  /** Owners of the servers 1, 2, … */
  readonly owners: readonly number[];
  /** What servers are reached through: other servers. */
  readonly through: ReadonlyMap<number, number>;
  readonly channels: readonly Channel[];
  /** Profiles by which servers keep their names. */
  readonly profiles: ReadonlyMap<number, readonly number[]>;
}

export function channelsOf({ channels }: Cast, groupId: number): number[] {
  return channels.filter((channel) => channel.groupId === groupId).map(({ id }) => id);
}

/** Server `id` as its row has it; its name says whose it is. */
export function serverOf({ owners, through, profiles }: Cast, id: number): Server {
  const ownerId = owners[id - 1] ?? 0;
  const parent = through.get(id);
  return {
    ...testSettings,
    ...(parent === undefined ? {} : { reachedThrough: { kind: "server", id: parent } }),
    id,
    uuid: `u${id}`,
    ownerId,
    name: `${nameOf(ownerId)}-s${id}`,
    enableDdns: profiles.has(id),
    ddnsProfiles: [...(profiles.get(id) ?? [])],
  };
}

/** The same as a process finds it: what it is reached through is not a new owner's. */
export function serverAsStored(
  cast: Cast,
  row: { readonly id: number; readonly name: string | null; readonly user_id: number | null },
): Server {
  const { reachedThrough, ...server } = serverOf(cast, row.id);
  const through = reachedThrough === undefined || row.user_id !== server.ownerId ? {} : { reachedThrough };
  return { ...server, ...through, ownerId: row.user_id ?? 0, name: row.name ?? "" };
}

/** Alice's servers and channel, and with `owners` also what Bob and the administrator have. */
export function castOf(through: ReadonlyMap<number, number>, { owners, names }: { owners: boolean; names: boolean }): Cast {
  const hers = { id: 1, ownerId: alice.id, groupId: 1 };
  const others = [
    { id: 2, ownerId: bob.id, groupId: 2 },
    { id: 3, ownerId: admin.id, groupId: 3 },
    { id: 4, ownerId: alice.id, groupId: 1 },
  ];
  const profiles: readonly (readonly [number, readonly number[]])[] = [
    [1, [1]],
    [2, [2]],
    // The first one is Alice's: nothing of Bob's goes into it.
    [SERVER_OF_BOB, [1, 3]],
  ];
  return {
    owners: [alice.id, alice.id, alice.id, ...(owners ? [bob.id] : [])],
    through,
    channels: [hers, ...(owners ? others : [])],
    profiles: new Map(names ? profiles.filter(([id]) => id < SERVER_OF_BOB || owners) : []),
  };
}
