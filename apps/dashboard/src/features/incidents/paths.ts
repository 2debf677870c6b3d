import type { ReachedThrough } from "@windfire/api";
import { canManage, reachesServer } from "#access/policy";
import { refuseText } from "#kernel";
import type { Caller } from "#kernel";
import type { Queries } from "#platform/database";

/** A server or a service. */
export type Thing = ReachedThrough;

/** By kind and id, what servers and services are reached through. */
export interface Paths {
  readonly server: ReadonlyMap<number, Thing>;
  readonly service: ReadonlyMap<number, Thing>;
}

export interface PathCheckDeps {
  /** As of the transaction. */
  readonly pathsIn: (tx: Queries) => Promise<Paths>;
  readonly ownerOf: (kind: Thing["kind"], id: number) => number | undefined;
}

const FIELD = "reached_through";

/** Whether a caller may say that something is reached through something else; refusals name the field. `stored`: what it is now. */
export function createPathCheck({ pathsIn, ownerOf }: PathCheckDeps) {
  return async (tx: Queries, caller: Caller, of: Thing, through: Thing, stored?: Thing): Promise<void> => {
    if (stored && isSame(through, stored)) return;
    const { kind, id } = through;
    const ownerId = ownerOf(kind, id);
    const isMine = ownerId !== undefined && canManage(caller, { ownerId }) && (kind !== "server" || reachesServer(caller, id));
    if (!isMine) throw refuseText(`${FIELD}: ${kind} id ${id} does not exist`);
    if (isSame(of, through)) throw refuseText(`${FIELD}: nothing is reached through itself`);
    const paths = await pathsIn(tx);
    const isBehind = above(through, (thing) => paths[thing.kind].get(thing.id)).some((thing) => isSame(thing, of));
    if (isBehind) throw refuseText(`${FIELD}: goes round in a circle`);
  };
}

/** No path is longer, so that a circle that somebody wrote into the tables ends. */
const LONGEST = 64;

/** What something is reached through, and what that is reached through, and so on; nearest first. */
export function above(thing: Thing, throughOf: (thing: Thing) => Thing | undefined): Thing[] {
  const found: Thing[] = [];
  for (let next = throughOf(thing); next !== undefined && found.length < LONGEST; next = throughOf(next)) found.push(next);
  return found;
}

function isSame(a: Thing, b: Thing): boolean {
  return a.kind === b.kind && a.id === b.id;
}
