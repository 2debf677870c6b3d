import type { Clock } from "@windfire/kit";
import type { User } from "#kernel";
import type { AuditLog } from "#platform/audit";
import type { Cascade, Database, StoredGroup } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import type { Outbound } from "#platform/outbound";
import type { Outbox } from "#platform/outbox";
import { createChannels } from "./commands.ts";
import { createDeliveries } from "./delivery/deliveries.ts";
import type { Deliveries } from "./delivery/deliveries.ts";
import { createMutes } from "./delivery/mutes.ts";
import type { Notice } from "./delivery/notice.ts";
import { deliveryRoutes } from "./delivery/routes.ts";
import { createSending } from "./delivery/send.ts";
import type { SendDeps } from "./delivery/send.ts";
import { createChannelGroups } from "./groups-commands.ts";
import { channelGroupRoutes, channelRoutes } from "./routes.ts";
import { channelGroupKind, channelGroupStore, channelKind } from "./store.ts";

export { addressNotice, maskAddresses } from "./address-notice.ts";
export { createDateTimeFormat } from "./delivery/date-time.ts";
export type { Deliveries, PairEvent } from "./delivery/deliveries.ts";
export { SEVERITIES } from "./delivery/notice.ts";
export type { Notice, NoticeFacts, Severity } from "./delivery/notice.ts";
export type { MessageServer } from "./delivery/placeholders.ts";

/** What the room needs of others. */
export interface NotificationsDeps {
  readonly clock: Clock;
  readonly database: Database;
  readonly audit: Pick<AuditLog, "write">;
  readonly outbox: Outbox;
  readonly outbound: Outbound;
  readonly now: () => number;
  readonly requireRoom: (user: User, rows: number) => void;
  readonly translate: (messageId: string) => string;
  readonly server: SendDeps["server"];
  readonly formatDateTime: SendDeps["formatDateTime"];
  readonly log: SendDeps["log"];
  /** Rooms that refer to groups remove their references when a group goes. */
  readonly groupCascades: readonly Cascade[];
}

export interface Notifications {
  readonly routes: readonly AnyRoute[];
  /** What is told in the transaction of an event. */
  readonly deliveries: Deliveries;
  /** Hands a message over, in a transaction of its own; nobody waits for it. Unknown groups tell nobody. */
  notify(groupId: number, notice: Notice): void;
  /** An event is over: the next of its label is told at once. */
  unmute(groupId: number, label: string): void;
  group(groupId: number): StoredGroup | undefined;
  readonly cascades: { readonly users: Cascade };
  /** Forgets what is not muted any more. */
  prune(): Promise<void>;
}

/** Channels, their groups, and sending through them. */
export async function createNotifications(deps: NotificationsDeps): Promise<Notifications> {
  const { database, log } = deps;
  const channels = await database.keep(channelKind);
  const groups = await database.keep(channelGroupKind);
  const mutes = await createMutes(deps);
  const deliveries = createDeliveries({ ...deps, channels, groups, mutes });
  const sending = createSending({ ...deps, channels, mutes });
  deps.outbox.handle(sending.topic);
  const sendTest: Parameters<typeof createChannels>[0]["sendTest"] = (channel) =>
    sending.sendNow(channel, { text: deps.translate("a test message") });
  const channelVerbs = createChannels({ ...deps, channels, deliveries, sendTest });
  const groupVerbs = createChannelGroups({ ...deps, groups, deliveries, cascades: deps.groupCascades });
  const reported = (change: Promise<void>): void => void change.catch((error: unknown) => log.warn("a notice was lost", { error }));
  return {
    routes: [...channelRoutes(channelVerbs), ...channelGroupRoutes(groupVerbs), ...deliveryRoutes({ ...deps, channels })],
    deliveries,
    notify(groupId, notice) {
      if (!deliveries.wouldTell(groupId, notice)) return;
      reported(database.change((tx, changes) => deliveries.tell(tx, changes, groupId, notice)));
    },
    unmute: (groupId, label) => reported(mutes.clear(groupId, label)),
    group: groups.get,
    prune: mutes.prune,
    cascades: {
      async users(tx, userIds, changes) {
        const isTheirs = ({ ownerId }: { readonly ownerId: number }): boolean => userIds.includes(ownerId);
        const gone = (await channelGroupStore.load(tx)).filter(isTheirs);
        if (gone.length > 0) await groupVerbs.deleteRows(tx, gone, changes);
        const mine = (await channelKind.load(tx)).filter(isTheirs).map(({ id }) => id);
        if (mine.length > 0) await channelVerbs.deleteRows(tx, mine, changes);
      },
    },
  };
}
