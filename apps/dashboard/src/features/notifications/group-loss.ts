import { mayTellGroup } from "#access/policy";
import type { Owned } from "#access/policy";
import type { Queries } from "#platform/database";
import { channelGroupStore } from "./store.ts";

/** A row that tells a group; 0: none. */
export interface TellingRow extends Owned {
  readonly notificationGroupId: number;
}

/** Which rows of people who are no administrators any more name a group that they may not tell, as a transaction sees it. */
export async function groupLoss(tx: Queries, userIds: readonly number[]): Promise<(row: TellingRow) => boolean> {
  const groups = new Map((await channelGroupStore.load(tx)).map((group) => [group.id, group]));
  return ({ ownerId, notificationGroupId }) => {
    if (notificationGroupId === 0 || !userIds.includes(ownerId)) return false;
    const group = groups.get(notificationGroupId);
    return group === undefined || !mayTellGroup(ownerId, group, () => false);
  };
}
