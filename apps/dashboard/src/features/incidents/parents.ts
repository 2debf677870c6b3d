import type { Incident } from "./model.ts";
import { above } from "./paths.ts";
import type { Thing } from "./paths.ts";

/** How something is now. Times in Unix milliseconds. */
export interface Standing {
  readonly state: "up" | "down" | "unknown";
  /** When it was judged last; 0: not since the start. */
  readonly judgedAt: number;
}

/** A parent that was not judged since an incident behind it began is waited for so long; after a start so is every parent. */
const WAIT_MS = 60_000;
/** What is behind a parent has so long to come back after it. */
const SETTLE_MS = 15_000;

export interface ParentDeps {
  readonly now: () => number;
  readonly throughOf: (thing: Thing) => Thing | undefined;
  /** Everything that something is reached through. */
  readonly parents: () => Iterable<Thing>;
  readonly standingOf: (thing: Thing) => Standing;
  readonly nameOf: (thing: Thing) => string;
}

/** What lies between the dashboard and what fails: while that is down, it explains what fails behind it. */
export interface Parents {
  /** Why nobody is told of an incident because of what it is reached through; `undefined`: for no such reason. */
  holdOf(incident: Pick<Incident, "source" | "sourceId" | "serverId" | "openedAt">): string | undefined;
  /** Looks which of them are down. */
  look(): void;
  /** What an incident is reached through, nearest first, and how that is. */
  above(incident: Pick<Incident, "source" | "sourceId" | "serverId">): readonly (Thing & { readonly name: string } & Standing)[];
}

/** See {@link Parents}. */
export function createParents({ now, throughOf, parents, standingOf, nameOf }: ParentDeps): Parents {
  /** When something was down last, as far as it was looked at; by kind and id. */
  const downAt = new Map<string, number>();
  const startedAt = now();

  const standing = (thing: Thing): Standing => {
    const found = standingOf(thing);
    if (found.state === "down") downAt.set(keyOf(thing), now());
    return found;
  };
  const isSettling = (thing: Thing): boolean => isWithin(downAt.get(keyOf(thing)), SETTLE_MS, now());
  const isAwaited = ({ judgedAt }: Standing, openedAt: number): boolean =>
    openedAt < startedAt ? isWithin(startedAt, WAIT_MS, now()) : judgedAt <= openedAt && isWithin(openedAt, WAIT_MS, now());
  const all = (incident: Pick<Incident, "source" | "sourceId" | "serverId">): Thing[] => above(subjectOf(incident), throughOf);
  return {
    holdOf(incident) {
      const found = all(incident).map((thing) => ({ thing, ...standing(thing) }));
      const down = found.find(({ state }) => state === "down");
      if (down) return `behind: ${nameOf(down.thing)}`;
      const awaited = found.find((one) => isSettling(one.thing) || isAwaited(one, incident.openedAt));
      return awaited && `waiting for: ${nameOf(awaited.thing)}`;
    },
    look() {
      const known = new Set<string>();
      for (const thing of parents()) {
        known.add(keyOf(thing));
        standing(thing);
      }
      for (const key of downAt.keys()) if (!known.has(key)) downAt.delete(key);
    },
    above: (incident) => all(incident).map((thing) => ({ ...thing, name: nameOf(thing), ...standing(thing) })),
  };
}

function subjectOf({ source, sourceId, serverId }: Pick<Incident, "source" | "sourceId" | "serverId">): Thing {
  return source === "service" ? { kind: "service", id: sourceId } : { kind: "server", id: serverId };
}

function keyOf({ kind, id }: Thing): string {
  return `${kind} ${id}`;
}

/** A clock that was set back ends the waiting. */
function isWithin(since: number | undefined, ms: number, now: number): boolean {
  return since !== undefined && now >= since && now - since < ms;
}
