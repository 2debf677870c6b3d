import type { FakeClock } from "@windfire/testkit";
import { createServerDirectory } from "#features/servers";
import type { WritableDirectory } from "#features/servers";
import type { FactBus } from "#kernel";
import { openDatabase } from "#platform/database";
import type { Database } from "#platform/database";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import { createLoneLease } from "#platform/leases";
import type { Outbox } from "#platform/outbox";
import { serverAsStored } from "./cast.ts";
import type { Cast } from "./cast.ts";
import { layGround, logOf } from "./ground.ts";
import { createLifeClock } from "./life-clock.ts";
import { openRooms } from "./rooms.ts";
import type { Rooms, RoomsDeps } from "./rooms.ts";

/** One process on the database of a run. */
export interface Process extends Omit<Rooms, "incidents" | "routes"> {
  readonly database: Database;
  /** The same without what fails on purpose: for looking at what is stored. */
  readonly stored: Database;
  readonly outbox: Outbox;
  readonly servers: WritableDirectory;
  readonly facts: FactBus;
  readonly call: RouteCaller;
  /** Ends it in order, or lets go of what a killed one left. */
  stop(isKilled: boolean): Promise<void>;
}

/** What is outside of the processes of a run, and stays when they end. */
export interface Outside extends RoomsDeps {
  readonly clock: FakeClock;
  readonly cast: Cast;
  /** What a process said it could not do. */
  readonly troubles: string[];
  /** Wraps the database of each process, for what fails. */
  readonly wrap: (database: Database) => Database;
}

/** Starts the rooms on the database that lies at `path`. */
export async function startProcess(outside: Outside, path: string): Promise<Process> {
  const { cast } = outside;
  const clock = createLifeClock(outside.clock);
  const log = logOf(outside.troubles);
  const stored = await openDatabase({ path, clock, log, serviceHistories: true });
  const database = outside.wrap(stored);
  const servers = await serversIn(stored, cast);
  const ground = layGround({ clock, log, stored, database, servers, judge: createLoneLease(database) });
  const { outbox, scheduler } = ground;
  const rooms = await openRooms(outside, ground);
  const { alerts, cron, incidents, routes, services } = rooms;
  await outbox.start();
  cron?.start();
  await cron?.judged.start();
  services?.start();
  await services?.judged.start();
  incidents.start();
  await alerts.start();
  return {
    ...ground,
    ...rooms,
    call: createRouteCaller(routes),
    async stop(isKilled) {
      if (!isKilled) for (const room of [alerts, services, services?.judged, cron, cron?.judged, scheduler]) await room?.stop();
      await outbox.stop();
      await database.close();
      clock.end();
    },
  };
}

/** Its servers, as a process finds them. */
async function serversIn({ kysely }: Database, cast: Cast): Promise<WritableDirectory> {
  const rows = await kysely.selectFrom("servers").select(["id", "name", "user_id"]).orderBy("id").execute();
  return createServerDirectory(rows.map((row) => serverAsStored(cast, row)));
}
