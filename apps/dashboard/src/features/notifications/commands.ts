import { canManage, requireManage } from "#access/policy";
import { refuse } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Changes, Database, Queries } from "#platform/database";
import type { Deliveries } from "./delivery/deliveries.ts";
import type { Notice } from "./delivery/notice.ts";
import type { Spoken } from "./delivery/speak.ts";
import { mergeSecrets } from "./model.ts";
import type { Channel, ChannelSettings } from "./model.ts";
import { CHANNEL_SECRETS, channelGroupKind, channelGroupStore, channelKind, channelStore } from "./store.ts";
import type { ChannelRecords } from "./store.ts";
import { fingerprint } from "./typed/projection.ts";

const KIND = channelKind.name;

export interface ChannelDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly channels: ChannelRecords;
  readonly deliveries: Pick<Deliveries, "dropChannels" | "reviveChannel">;
  readonly now: () => number;
  /** Throws when one user may not have another row of a kind (spec 60 section 5). */
  readonly requireRoom: (user: User, rows: number) => void;
  readonly testNotice: () => Notice;
  /** Throws an `AppError` with the reason when it fails. */
  readonly sendNow: (channel: Spoken, notice: Notice) => Promise<void>;
  readonly spokenOf: (channel: Channel) => Spoken;
}

/** What a caller may do with channels (spec 11 section 6). */
export function createChannels(deps: ChannelDeps) {
  const { audit, channels, database, deliveries, now } = deps;
  const mine = (caller: Caller, id: number, channel: Channel | undefined): Channel => {
    if (!channel) throw refuse("notification id %d does not exist", id);
    requireManage(caller, [channel]);
    return channel;
  };
  const sendTest = (ownerId: number, raw: ChannelSettings): Promise<void> =>
    deps.sendNow({ ownerId, options: { title: "", body: "" }, by: { raw } }, deps.testNotice());
  /** A row that is saved as it was written with its kind is still of that kind. */
  const testEdit = (stored: Channel, form: ChannelSettings): Promise<void> => {
    const isKind = stored.typed !== undefined && !stored.typed.editedElsewhere && fingerprint(form) === fingerprint(stored);
    return isKind ? deps.sendNow(deps.spokenOf(stored), deps.testNotice()) : sendTest(stored.ownerId, form);
  };
  /** Also for a transaction of somebody else's (a deleted user's channels). */
  const deleteRows = async (tx: Queries, ids: readonly number[], changes: Changes): Promise<void> => {
    changes.put(channelGroupKind.name, ...(await channelGroupStore.holding(tx, ids)));
    await channelStore.delete(tx, ids);
    await deliveries.dropChannels(tx, ids);
    changes.gone(KIND, ids);
  };
  return {
    deleteRows,
    list: (caller: Caller): Channel[] => channels.list().filter((channel) => canManage(caller, channel)),
    /** Unless `skipCheck`, a test message must go out before anything is saved. */
    async create(caller: Caller, user: User, form: ChannelSettings, skipCheck: boolean): Promise<number> {
      deps.requireRoom(user, channels.by("owner", user.id).length);
      if (!skipCheck) await sendTest(user.id, form);
      return database.change(async (tx, changes) => {
        deps.requireRoom(user, channels.by("owner", user.id).length);
        const id = await channelStore.insert(tx, user.id, form, now());
        changes.put(KIND, id);
        const deed = { actor: actorOf(caller), action: "notification.create", kind: KIND, key: id, secrets: CHANNEL_SECRETS };
        await audit.write(tx, { ...deed, to: form });
        return id;
      });
    },
    /** Dead messages of the last day are tried again with what was saved (spec 30 section 3.7). */
    async update(caller: Caller, id: number, form: ChannelSettings, skipCheck: boolean): Promise<void> {
      const seen = mine(caller, id, channels.get(id));
      const tested = mergeSecrets(seen, form);
      if (!skipCheck) await testEdit(seen, tested);
      await database.change(async (tx, changes) => {
        // Somebody may have changed or deleted the channel while the test was under way.
        const stored = mine(caller, id, await channelStore.find(tx, id));
        const to = mergeSecrets(stored, form);
        await channelStore.update(tx, id, to, now());
        changes.put(KIND, id);
        await deliveries.reviveChannel(tx, changes, id);
        const deed = { actor: actorOf(caller), action: "notification.update", kind: KIND, key: id, secrets: CHANNEL_SECRETS };
        await audit.write(tx, { ...deed, from: auditable(stored), to: auditable({ ...stored, ...to }) });
      });
    },
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx, changes) => {
        const found = await channelKind.load(tx, [...new Set(ids)]);
        requireManage(caller, found);
        if (found.length === 0) return;
        const gone = found.map((channel) => channel.id);
        await deleteRows(tx, gone, changes);
        for (const from of found) {
          const deed = { actor: actorOf(caller), action: "notification.delete", kind: KIND, key: from.id, secrets: CHANNEL_SECRETS };
          await audit.write(tx, { ...deed, from: auditable(from) });
        }
      });
    },
  };
}

export type Channels = ReturnType<typeof createChannels>;

/** A row as other programs know it, and the kind that it had. */
function auditable(channel: Channel): object {
  const { typed, ...row } = channel;
  return { ...row, ...(typed === undefined ? {} : { kind: typed.kind }) };
}
