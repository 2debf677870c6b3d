import { serverStore } from "#features/servers";
import { bob } from "./cast.ts";
import { MOVED_SERVER, nameOfMoved } from "./moves.ts";
import type { Scene } from "./scene.ts";

/** Reports of it afterwards that fail Bob's rule: longer than it takes until rights are looked at anew, and than the rule's window. */
const HOT_REPORTS = 25;
const BETWEEN_MS = 3000;

/** What the end of a transfer does: the row, then the memory of the process. A crash in between leaves the row. */
export async function moveServer(scene: Scene): Promise<void> {
  const { move, now } = scene;
  move.begun = Math.min(move.begun, scene.clock.now());
  try {
    await now.database.change(async (tx, changes) => {
      await serverStore.setOwner(tx, MOVED_SERVER, bob.id, scene.clock.now());
      await tx.updateTable("servers").set({ name: nameOfMoved() }).where("id", "=", MOVED_SERVER).execute();
      await now.alerts.cascades.movedServers(tx, [MOVED_SERVER], changes);
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

/** The server that changed hands fails its new owner's rule. */
export async function heatMoved(scene: Scene): Promise<void> {
  const { agents, move } = scene;
  if (move.done === Number.POSITIVE_INFINITY) return;
  for (let report = 0; report < HOT_REPORTS; report++) {
    for (const id of agents.moods.keys()) agents.report(id, id === MOVED_SERVER ? { cpu: 95 } : {});
    await scene.pass(BETWEEN_MS);
  }
}
