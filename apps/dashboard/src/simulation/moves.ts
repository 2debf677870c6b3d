import { serverStore } from "#features/servers";
import { bob, nameOf } from "./cast.ts";
import type { Scene } from "./scene.ts";

/** Alice's server that becomes Bob's. */
export const MOVED_SERVER = 3;
/** Reports of it afterwards that fail Bob's rule: longer than it takes until rights are looked at anew, and than the rule's window. */
export const HOT_REPORTS = 25;

/** The change of hands of a run. Unix milliseconds; infinite: it did not take place. */
export interface Move {
  /** When it began, and when everybody knew. */
  begun: number;
  done: number;
}

/** Its name says whose it is, as everywhere in a run. */
export const nameOfMoved = (): string => `${nameOf(bob.id)}-s${MOVED_SERVER}`;

/** What the end of a transfer does: the row, then the memory of the process. A crash in between leaves the row. */
export async function moveServer(scene: Scene): Promise<void> {
  const { move, now } = scene;
  move.begun = Math.min(move.begun, scene.clock.now());
  try {
    await now.database.change(async (tx) => {
      await serverStore.setOwner(tx, MOVED_SERVER, bob.id, scene.clock.now());
      await tx.updateTable("servers").set({ name: nameOfMoved() }).where("id", "=", MOVED_SERVER).execute();
    });
  } catch {
    return;
  }
  const server = now.servers.get(MOVED_SERVER);
  if (server === undefined) return;
  const { reachedThrough: _theirs, ...settings } = server.settings;
  now.servers.put({ ...settings, ownerId: bob.id, name: nameOfMoved() });
  move.done = scene.clock.now();
}
