import { mayTellGroup } from "#access/policy";
import type { Groups } from "#platform/database";
import type { Channel } from "../model.ts";
import type { ChannelRecords } from "../store.ts";
import type { ChannelOptions } from "../typed/options.ts";
import type { Mutes } from "./mutes.ts";
import { SEVERITIES } from "./notice.ts";
import type { Notice } from "./notice.ts";

export interface AudienceDeps {
  readonly channels: Pick<ChannelRecords, "get">;
  readonly groups: Pick<Groups, "get">;
  readonly mutes: Mutes;
  readonly optionsOf: (channel: Channel) => ChannelOptions;
  /** Whose rows may tell any group: administrators', and those of nobody. */
  readonly ownsEverything: (userId: number) => boolean;
}

/** Who hears of what: channels of a group, by what they want to hear and by what is muted. Ids of channels. */
export interface Audience {
  /** None where the notice is of somebody who may not tell the group. */
  membersOf(groupId: number, notice: Notice): number[];
  wants(channelId: number, notice: Notice): boolean;
  isMuted(groupId: number, channelId: number, notice: Notice): boolean;
  /** Members that want to hear of it now. */
  openFor(groupId: number, notice: Notice): number[];
  /** Whether a mute of some member is over; `undefined` when nothing in memory tells. */
  isReminderDue(groupId: number, notice: Notice): boolean | undefined;
  /** Messages are gathered for so many seconds, 0 for none. */
  gathersFor(channelId: number): number;
}

/** See {@link Audience}. */
export function createAudience({ channels, groups, mutes, optionsOf, ownsEverything }: AudienceDeps): Audience {
  const options = (channelId: number): ChannelOptions | undefined => {
    const channel = channels.get(channelId);
    return channel && optionsOf(channel);
  };
  const membersOf = (groupId: number, { ownerId }: Notice): number[] => {
    const group = groups.get(groupId);
    if (!group || (ownerId !== undefined && !mayTellGroup(ownerId, group, ownsEverything))) return [];
    return group.memberIds.filter((id) => channels.get(id) !== undefined);
  };
  const wants = (channelId: number, { severity = "info" }: Notice): boolean =>
    SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(options(channelId)?.leastSeverity ?? "info");
  const isMuted = (groupId: number, channelId: number, { mute }: Notice): boolean =>
    mute !== undefined && mutes.isMuted(mute, groupId, channelId);
  return {
    membersOf,
    wants,
    isMuted,
    openFor: (groupId, notice) => membersOf(groupId, notice).filter((id) => wants(id, notice) && !isMuted(groupId, id, notice)),
    isReminderDue(groupId, notice) {
      const { mute = "" } = notice;
      const over = new Set(membersOf(groupId, notice).map((id) => mutes.isOver(mute, groupId, id)));
      if (over.has(true)) return true;
      return over.has(undefined) ? undefined : false;
    },
    gathersFor: (channelId) => options(channelId)?.groupSeconds ?? 0,
  };
}
