import { canManage, requireManage } from "#access";
import { refuse } from "#kernel";
import type { Caller, User } from "#kernel";
import type { Database } from "#platform/database";
import { mergeSecrets } from "./model.ts";
import type { Channel, ChannelSettings } from "./model.ts";
import type { ChannelStore } from "./store.ts";

export interface ChannelDeps {
  readonly database: Database;
  readonly store: ChannelStore;
  readonly now: () => number;
  /** Throws when one user may not have another row of a kind (spec 60 section 5). */
  readonly requireRoom: (user: User, rows: number) => void;
  /** Sends a test message; throws an `AppError` with the reason when it fails. */
  readonly sendTest: (channel: ChannelSettings) => Promise<void>;
}

/** What a caller may do with channels (spec 11 section 6). */
export function createChannels(deps: ChannelDeps) {
  const { store } = deps;
  return {
    async list(caller: Caller): Promise<Channel[]> {
      return (await store.all()).filter((channel) => canManage(caller, channel));
    },
    /** Unless `skipCheck`, a test message must go out before anything is saved. */
    async create(user: User, form: ChannelSettings, skipCheck: boolean): Promise<number> {
      deps.requireRoom(user, (await store.all()).filter((channel) => channel.ownerId === user.id).length);
      if (!skipCheck) await deps.sendTest(form);
      return store.insert(user.id, form, deps.now());
    },
    async update(caller: Caller, id: number, form: ChannelSettings, skipCheck: boolean): Promise<void> {
      const stored = await store.find(id);
      if (!stored) throw refuse("notification id %d does not exist", id);
      requireManage(caller, [stored]);
      const merged = mergeSecrets(stored, form);
      if (!skipCheck) await deps.sendTest(merged);
      await store.update(id, merged, deps.now());
    },
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      const channels = await store.byIds(ids);
      requireManage(caller, channels);
      if (channels.length > 0)
        await deps.database.transaction(async (tx) =>
          store.delete(
            tx,
            channels.map((channel) => channel.id),
          ),
        );
    },
  };
}

export type Channels = ReturnType<typeof createChannels>;
