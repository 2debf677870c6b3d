import type { Clock } from "@windfire/kit";
import type { User } from "#kernel";
import type { AuditLog } from "#platform/audit";
import { createLateWrites } from "#platform/database";
import type { Cascade, Database, StoredGroup, Verb } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import type { Outbound } from "#platform/outbound";
import type { Outbox } from "#platform/outbox";
import type { Sealing } from "#platform/sealing";
import { kindNamed } from "./channels/registry.ts";
import { createChannels } from "./commands.ts";
import { createDeliveries } from "./delivery/deliveries.ts";
import type { Deliveries } from "./delivery/deliveries.ts";
import { createMutes } from "./delivery/mutes.ts";
import type { Notice } from "./delivery/notice.ts";
import { createPace } from "./delivery/pace.ts";
import { createMessagesOf, deliveryRoutes } from "./delivery/routes.ts";
import { createSending } from "./delivery/send.ts";
import type { SendDeps } from "./delivery/send.ts";
import { createSpeaking } from "./delivery/speak.ts";
import type { MessageServer } from "./delivery/placeholders.ts";
import { createChannelGroups } from "./groups-commands.ts";
import { createMailer } from "./mailer.ts";
import type { Mailer } from "./mailer.ts";
import { kindOf } from "./model.ts";
import type { Channel } from "./model.ts";
import { channelGroupRoutes, channelRoutes } from "./routes.ts";
import { channelGroupKind, channelGroupStore, channelKind, channelStore } from "./store.ts";
import { createTypedChannels } from "./typed/commands.ts";
import { optionsOf } from "./typed/options.ts";
import { kindRoutes } from "./typed/kind-routes.ts";
import { typedRoutes } from "./typed/routes.ts";
import { spokenOf } from "./typed/sealed-settings.ts";
import type { TextDeps } from "./typed/texts.ts";

/** What the room needs of others. */
export interface NotificationsDeps {
  readonly clock: Clock;
  readonly database: Database;
  readonly audit: Pick<AuditLog, "write">;
  readonly outbox: Outbox;
  readonly outbound: Outbound;
  readonly sealing: Sealing;
  readonly now: () => number;
  readonly requireRoom: (user: User, rows: number) => void;
  /** Whose records address every server, and whose channels may go where the configuration allows: administrators', and those of nobody. */
  readonly ownsEverything: (userId: number) => boolean;
  readonly translate: TextDeps["translate"];
  /** Where the dashboard is reached, without a slash at the end; "" when nobody has said. */
  readonly site: () => string;
  readonly server: (id: number) => (MessageServer & { readonly settings: { readonly ownerId: number } }) | undefined;
  readonly formatDateTime: TextDeps["formatDateTime"];
  readonly log: SendDeps["log"];
  /** Rooms that refer to groups remove their references when a group goes. */
  readonly groupCascades: readonly Cascade[];
}

export interface Notifications {
  readonly routes: readonly AnyRoute[];
  /** What is told in the transaction of an event. */
  readonly deliveries: Deliveries;
  /**
   * Hands a message over, in a transaction of its own; nobody waits for it. Unknown groups tell nobody. One that the database refuses is
   * written later, unless it has a label to be muted by: that is said again as long as it is so.
   */
  notify(groupId: number, notice: Notice): void;
  /** An event is over: the next of its label is told at once. */
  unmute(groupId: number, label: string): void;
  group(groupId: number): StoredGroup | undefined;
  /** Messages of an event through channels that the caller may manage, oldest first. */
  readonly messagesOf: ReturnType<typeof createMessagesOf>;
  readonly cascades: {
    readonly users: Cascade;
    /** Of administrators who are none any more: channels of others leave their groups. */
    readonly demotedUsers: Cascade;
  };
  /** For rooms that write to people who have no channel. */
  readonly mailer: Mailer;
  /** Forgets what is not muted any more. */
  prune(): Promise<void>;
  /** Writes messages that a database which was full or busy refused. */
  tryAgain(): Promise<void>;
}

/** Channels, their groups, and sending through them. */
export async function createNotifications(deps: NotificationsDeps): Promise<Notifications> {
  const { database, log, sealing, translate } = deps;
  await database.transaction((tx) => channelStore.sweep(tx));
  const channels = await database.keep(channelKind);
  const groups = await database.keep(channelGroupKind);
  const mutes = await createMutes(deps);
  const pace = createPace(deps.now);
  channels.subscribe({ changed: ({ key, after }) => after ?? pace.forget(key) });
  const optionsFor = (channel: Channel) => optionsOf(channel.options, kindNamed(kindOf(channel)));
  const deliveries = createDeliveries({ ...deps, channels, groups, mutes, optionsOf: optionsFor });
  const speak = createSpeaking(deps);
  const spoken = (channel: Channel) => spokenOf(sealing, channel);
  const reaches = (ownerId: number, serverId: number): boolean => {
    const server = deps.server(serverId);
    return server === undefined || server.settings.ownerId === ownerId || deps.ownsEverything(ownerId);
  };
  const sending = createSending({ ...deps, channels, groups, mutes, pace, speak, spokenOf: spoken, optionsOf: optionsFor, reaches });
  deps.outbox.handle(sending.topic);
  const testNotice = (): Notice => ({ text: translate("a test message") });
  const verbs = { ...deps, channels, deliveries, testNotice, sendNow: sending.sendNow };
  const channelVerbs = createChannels({ ...verbs, spokenOf: spoken });
  const typed = createTypedChannels(verbs);
  const groupVerbs = createChannelGroups({ ...deps, groups, deliveries, cascades: deps.groupCascades });
  const reported = (change: Promise<void>): void => void change.catch((error: unknown) => log.warn("a notice was lost", { error }));
  const late = createLateWrites({ database, onError: (error) => log.warn("a notice could not be written", { error }) });
  return {
    routes: [
      ...channelRoutes(channelVerbs),
      ...kindRoutes({ texts: deps, derive: sealing.derive, now: deps.now }),
      ...typedRoutes({ channels: channelVerbs, typed }),
      ...channelGroupRoutes(groupVerbs),
      ...deliveryRoutes({ ...deps, channels }),
    ],
    deliveries,
    notify(groupId, notice) {
      if (!deliveries.wouldTell(groupId, notice)) return;
      const write: Verb<void> = (tx, changes) => deliveries.tell(tx, changes, groupId, notice);
      reported(notice.mute === undefined ? late.write(write, Buffer.byteLength(notice.text)) : database.change(write));
    },
    unmute: (groupId, label) => reported(mutes.clear(groupId, label)),
    group: groups.get,
    messagesOf: createMessagesOf({ ...deps, channels }),
    mailer: createMailer({ ...deps, channels, spokenOf: spoken }),
    prune: mutes.prune,
    tryAgain: late.again,
    cascades: {
      demotedUsers: groupVerbs.keepOwnMembers,
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
