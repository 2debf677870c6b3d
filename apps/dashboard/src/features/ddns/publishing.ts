import type { Clock } from "@windfire/kit";
import type { FactBus } from "#kernel";
import type { Changes, Database, Queries } from "#platform/database";
import type { Seat } from "#platform/leases";
import type { Outbound } from "#platform/outbound";
import type { Outbox } from "#platform/outbox";
import { providerNamed } from "./providers/index.ts";
import { laneOf, wantedRecords } from "./records/model.ts";
import type { NamedServer, SelectionDeps } from "./records/model.ts";
import { createSending } from "./records/send.ts";
import type { SendDeps } from "./records/send.ts";
import { recordStore } from "./records/store.ts";
import { createRecordUpdates } from "./records/updates.ts";
import type { RecordUpdates } from "./records/updates.ts";
import type { Profiles } from "./store.ts";

export interface PublishingDeps {
  readonly clock: Clock;
  readonly database: Pick<Database, "change" | "kysely">;
  /** Rounds are made with it. */
  readonly judged?: Pick<Seat["database"], "change">;
  readonly outbox: Outbox;
  readonly outbound: Pick<Outbound, "send">;
  readonly facts: Pick<FactBus, "subscribe">;
  readonly profiles: Pick<Profiles, "get">;
  readonly servers: { get(id: number): NamedServer | undefined; list(): readonly NamedServer[] };
  /** A real administrator: nobody (user 0) is none. */
  readonly isAdmin: (userId: number) => boolean;
  readonly findZone: SendDeps["findZone"];
  readonly log: SendDeps["log"];
  readonly onError: (error: unknown) => void;
}

export interface Publishing {
  readonly updates: RecordUpdates;
  /** Sends the records of a server anew, in the transaction that saves it. */
  onSave(tx: Queries, changes: Changes, server: Pick<NamedServer, "id"> & NamedServer["settings"]): Promise<void>;
  /** Sends what was given up or missed, and forgets records that nobody keeps any more. */
  readonly round: () => Promise<void>;
}

/** Lets records follow the addresses of servers (spec 30 section 5.2): a reported address that changed, and a saved server. */
export function createPublishing(deps: PublishingDeps): Publishing {
  const { database, judged = database, outbox, servers, log } = deps;
  const selection: SelectionDeps = {
    profile: deps.profiles.get,
    isAdmin: deps.isAdmin,
    isProvider: (name) => providerNamed(name) !== undefined,
    skipped: (reason, profileId) => log.warn("a DDNS profile is not used", { profileId, reason }),
  };
  const server = (id: number): NamedServer | undefined => servers.get(id);
  const updates = createRecordUpdates({ ...selection, outbox, server });
  outbox.handle(createSending({ ...deps, ...selection, server, provider: providerNamed }));

  const publish = async (serverId: number, { change }: Pick<Database, "change">): Promise<void> => {
    const found = server(serverId);
    if (found?.settings.enableDdns !== true) return;
    await change((tx, changes) => updates.publish(tx, changes, found, { again: false }));
  };
  const forgetUnwanted = async (): Promise<void> => {
    const quiet = { ...selection, skipped: () => undefined };
    const wanted = new Set(servers.list().flatMap((each) => wantedRecords(each, quiet).map(laneOf)));
    for (const record of await recordStore.all(database.kysely)) {
      if (!wanted.has(laneOf(record))) await judged.change((tx) => recordStore.delete(tx, record));
    }
  };
  deps.facts.subscribe("server.address-changed", ({ serverId }) => void publish(serverId, database).catch(deps.onError));
  return {
    updates,
    async onSave(tx, changes, { id, ...settings }) {
      const address = server(id)?.address;
      if (address && settings.enableDdns) await updates.publish(tx, changes, { id, settings, address }, { again: true });
    },
    async round() {
      for (const { id } of servers.list()) await publish(id, judged);
      await forgetUnwanted();
    },
  };
}
