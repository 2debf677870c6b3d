import type { Clock } from "@windfire/kit";
import type { FactBus } from "#kernel";
import type { Cascade, Database } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import type { Outbound } from "#platform/outbound";
import type { Outbox } from "#platform/outbox";
import { createDdnsCommands } from "./commands.ts";
import type { DdnsCommandDeps } from "./commands.ts";
import { createPublishing } from "./publishing.ts";
import type { Publishing, PublishingDeps } from "./publishing.ts";
import { ddnsRoutes } from "./routes.ts";
import { ddnsKind } from "./store.ts";
import type { Profiles } from "./store.ts";

export type { DdnsProfile } from "./model.ts";
export { createZoneFinder } from "./zone.ts";

/** What the room needs of others. */
export interface DdnsDeps {
  readonly clock: Clock;
  readonly database: Database;
  readonly judged?: NonNullable<PublishingDeps["judged"]>;
  readonly audit: DdnsCommandDeps["audit"];
  readonly outbox: Outbox;
  readonly outbound: Pick<Outbound, "send">;
  readonly facts: Pick<FactBus, "subscribe">;
  readonly servers: DdnsCommandDeps["servers"];
  readonly now: () => number;
  readonly requireRoom: DdnsCommandDeps["requireRoom"];
  readonly cascades: DdnsCommandDeps["cascades"];
  readonly isAdmin: PublishingDeps["isAdmin"];
  readonly findZone: PublishingDeps["findZone"];
  readonly log: PublishingDeps["log"];
  readonly onError: (error: unknown) => void;
}

export interface Ddns {
  readonly routes: readonly AnyRoute[];
  readonly cascades: { readonly users: Cascade; readonly servers: Cascade };
  readonly profiles: Pick<Profiles, "get" | "list">;
  readonly onSave: Publishing["onSave"];
  /** Sends what was given up or missed, and forgets records that nobody keeps any more. */
  round(): Promise<void>;
}

/** Profiles, and the records that follow the addresses of servers. */
export async function createDdns(deps: DdnsDeps): Promise<Ddns> {
  const profiles = await deps.database.keep(ddnsKind);
  const { updates, round, onSave } = createPublishing({ ...deps, profiles });
  const commands = createDdnsCommands({ ...deps, profiles, updates });
  const users: Cascade = async (tx, userIds, changes) => {
    const gone = (await ddnsKind.load(tx)).filter(({ ownerId }) => userIds.includes(ownerId)).map(({ id }) => id);
    if (gone.length > 0) await commands.deleteRows(tx, gone, changes);
  };
  const servers: Cascade = (tx, serverIds, changes) => updates.dropServers(tx, changes, serverIds);
  return { profiles, round, onSave, routes: ddnsRoutes(commands), cascades: { users, servers } };
}
