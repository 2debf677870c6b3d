import type { User } from "#kernel";
import { createGroupStore } from "#platform/database";
import type { Cascade, Database, GroupTables } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import { createChannels } from "./commands.ts";
import { createChannelGroups } from "./groups-commands.ts";
import { channelGroupRoutes, channelRoutes } from "./routes.ts";
import { createSender } from "./sender.ts";
import type { Sender, SenderDeps } from "./sender.ts";
import { createChannelStore } from "./store.ts";

export { addressNotice } from "./address-notice.ts";
export { createDateTimeFormat } from "./date-time.ts";
export type { Message } from "./sender.ts";
export type { MessageServer } from "./placeholders.ts";

export interface NotificationsDeps extends Omit<SenderDeps, "channels" | "groups"> {
  readonly database: Database;
  readonly now: () => number;
  readonly requireRoom: (user: User, rows: number) => void;
  readonly translate: (messageId: string) => string;
  /** Rooms that refer to groups remove their references when a group goes. */
  readonly groupCascades: readonly Cascade[];
}

export interface Notifications {
  readonly routes: readonly AnyRoute[];
  readonly notify: Sender["notify"];
  /** An event is over: the next of its label is told at once. */
  readonly unmute: Sender["unmute"];
  /** Owner of a group, `undefined` when there is none with that id. */
  groupOwner(groupId: number): Promise<number | undefined>;
  readonly cascades: { readonly users: Cascade };
  stop(): void;
}

const CHANNEL_GROUPS: GroupTables = {
  groups: "notification_groups",
  members: "notification_group_notifications",
  groupColumn: "notification_group_id",
  memberColumn: "notification_id",
};

/** Channels, their groups, and sending through them. */
export function createNotifications(deps: NotificationsDeps): Notifications {
  const channelStore = createChannelStore(deps.database);
  const groupStore = createGroupStore(deps.database, CHANNEL_GROUPS);
  const sender = createSender({ ...deps, channels: channelStore, groups: groupStore });
  const channels = createChannels({
    ...deps,
    store: channelStore,
    sendTest: (channel) => sender.sendNow(channel, { text: deps.translate("a test message") }),
  });
  const groups = createChannelGroups({ ...deps, channels: channelStore, store: groupStore, cascades: deps.groupCascades });
  return {
    routes: [...channelRoutes(channels), ...channelGroupRoutes(groups)],
    notify: sender.notify,
    unmute: sender.unmute,
    groupOwner: async (groupId) => (await groupStore.all()).find(({ id }) => id === groupId)?.ownerId,
    cascades: {
      async users(tx, userIds, changes) {
        const gone = (await groupStore.all()).filter((group) => userIds.includes(group.ownerId)).map((group) => group.id);
        if (gone.length > 0) await groups.deleteRows(tx, gone, changes);
        const mine = (await channelStore.all()).filter((channel) => userIds.includes(channel.ownerId)).map((channel) => channel.id);
        if (mine.length > 0) await channelStore.delete(tx, mine);
      },
    },
    stop: sender.stop,
  };
}
