import type { Changes, Queries } from "#platform/database";
import type { Outbox } from "#platform/outbox";
import { decide, laneOf, wantedRecords } from "./model.ts";
import type { DdnsRecord, Family, NamedServer, PendingUpdate, SelectionDeps, WantedRecord } from "./model.ts";
import { recordStore } from "./store.ts";

/** As the outbox names the room's messages; their target is a profile. */
export const TOPIC = "ddns";
/** More than one profile ever has waiting. */
const ALL = 10_000;

/** What the outbox keeps of an update; credentials are read when it is sent. */
export interface UpdatePayload {
  readonly serverId: number;
  readonly domain: string;
  readonly family: Family;
  /** "": the record is to be deleted. */
  readonly address: string;
}

/** The room wrote the payload itself. */
export function payloadOf(message: { readonly payload: unknown }): UpdatePayload {
  return message.payload as UpdatePayload;
}

export interface UpdateDeps extends SelectionDeps {
  readonly outbox: Pick<Outbox, "add" | "cancel" | "withdraw" | "dropTargets" | "find">;
  readonly server: (id: number) => NamedServer | undefined;
}

/** Which records are to be sent, as messages of the outbox. */
export interface RecordUpdates {
  /**
   * Brings the records of a server in step with its address; with `again` also those that are known to be. A server without any known
   * address changes nothing (spec 30 section 5.2). How many records are on their way.
   */
  publish(tx: Queries, changes: Changes, server: NamedServer, options: { again: boolean; profileId?: number }): Promise<number>;
  dropProfiles(tx: Queries, profileIds: readonly number[]): Promise<void>;
  dropServers(tx: Queries, changes: Changes, serverIds: readonly number[]): Promise<void>;
}

/** See {@link RecordUpdates}. */
export function createRecordUpdates(deps: UpdateDeps): RecordUpdates {
  const { outbox } = deps;
  /** Two servers may share a name, one for each family: neither deletes what the other one published. */
  const isOthers = (record: DdnsRecord | undefined, server: NamedServer): boolean => {
    if (record === undefined || record.serverId === server.id || record.address === "") return false;
    const other = deps.server(record.serverId);
    return other !== undefined && wantedRecords(other, deps).some((wanted) => laneOf(wanted) === laneOf(record));
  };
  const pendingOf = async (tx: Queries, profileId: number): Promise<Map<string, PendingUpdate[]>> => {
    const target = String(profileId);
    const messages = await outbox.find({ topic: TOPIC, target, states: ["waiting", "sending"] }, ALL, tx);
    const updates = messages.toReversed().map((message) => ({ lane: message.lane, update: pendingUpdate(message) }));
    return new Map([...Map.groupBy(updates, ({ lane }) => lane)].map(([lane, list]) => [lane, list.map(({ update }) => update)]));
  };
  const add = async (tx: Queries, changes: Changes, server: NamedServer, wanted: WantedRecord, known: DdnsRecord | undefined) => {
    const { profileId, domain, family } = wanted;
    const address = server.address[family];
    const payload: UpdatePayload = { serverId: server.id, domain, family, address };
    const message = { topic: TOPIC, target: String(profileId), lane: laneOf(wanted), event: eventOf(server.id), payload };
    await outbox.add(tx, changes, message);
    const { published = "", publishedAt = 0, triedAt = 0 } = known ?? {};
    const fate = { state: "waiting" as const, attempts: 0, triedAt, error: "" };
    await recordStore.save(tx, { ...wanted, serverId: server.id, address, published, publishedAt, ...fate });
  };
  return {
    async publish(tx, changes, server, { again, profileId: only }) {
      if (server.address.ipv4 === "" && server.address.ipv6 === "") return 0;
      const wanted = wantedRecords(server, deps).filter(({ profileId }) => only === undefined || profileId === only);
      let onTheirWay = 0;
      for (const [profileId, records] of Map.groupBy(wanted, (record) => record.profileId)) {
        const known = new Map((await recordStore.ofProfile(tx, profileId)).map((record) => [laneOf(record), record]));
        const pending = await pendingOf(tx, profileId);
        for (const record of records) {
          const lane = laneOf(record);
          const address = server.address[record.family];
          if (address === "" && isOthers(known.get(lane), server)) continue;
          const { cancel, add: isNeeded } = decide(address, known.get(lane), pending.get(lane) ?? [], again);
          await outbox.cancel(tx, changes, cancel, "a newer address is known");
          if (isNeeded) await add(tx, changes, server, record, known.get(lane));
          if (isNeeded || (pending.get(lane) ?? []).length > cancel.length) onTheirWay++;
        }
      }
      return onTheirWay;
    },
    async dropProfiles(tx, profileIds) {
      await outbox.dropTargets(tx, TOPIC, profileIds.map(String));
      await recordStore.deleteOfProfiles(tx, profileIds);
    },
    async dropServers(tx, changes, serverIds) {
      for (const id of serverIds) await outbox.withdraw(tx, changes, { topic: TOPIC, event: eventOf(id) }, "the server is gone");
      await recordStore.deleteOfServers(tx, serverIds);
    },
  };
}

function eventOf(serverId: number): string {
  return `ddns server ${serverId}`;
}

function pendingUpdate(message: { id: number; state: string; attempts: number; payload: unknown }): PendingUpdate {
  return { id: message.id, isSending: message.state === "sending", attempts: message.attempts, address: payloadOf(message).address };
}
