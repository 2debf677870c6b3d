import { refuse } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { Queries } from "#platform/database";
import type { StatusPage } from "../pages/model.ts";
import { isMine, requirePage } from "../pages/reach.ts";
import { pageStore } from "../pages/store.ts";
import { noteSubscriber, removeSubscribers } from "./removal.ts";
import { subscriberStore } from "./store.ts";
import type { Subscriber } from "./store.ts";
import type { SubscribingDeps } from "./subscribing.ts";

const PAGE = 200;
/** Who has not said yes by then is forgotten. */
const UNCONFIRMED_MS = 7 * 86_400_000;

export interface SubscriberCommandDeps extends Omit<SubscribingDeps, "tokens"> {
  readonly pages: { get(id: number): StatusPage | undefined };
}

/** Who runs a page sees who is told of it, and can let them go. */
export function createSubscriberCommands({ database, audit, now, pages, announcing }: SubscriberCommandDeps) {
  return {
    async list(caller: Caller, pageId: number, beforeId?: number): Promise<Subscriber[]> {
      const page = requirePage(caller, pageId, pages.get(pageId));
      return subscriberStore.list(database.kysely, page.id, PAGE, beforeId);
    },
    /** All or nothing on permission; unknown ids are passed over. */
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx) => {
        const found = await subscriberStore.some(tx, [...new Set(ids)]);
        for (const subscriber of found) {
          const page = await pageStore.find(tx, subscriber.pageId);
          if (!page || !isMine(caller, page)) throw refuse("permission denied");
          await noteSubscriber(audit, tx, actorOf(caller), "delete", subscriber);
        }
        await removeSubscribers(tx, announcing, found);
      });
    },
    async forgetPages(tx: Queries, pageIds: readonly number[]): Promise<void> {
      for (const pageId of pageIds)
        for (let some = await subscriberStore.list(tx, pageId, 500); some.length > 0; some = await subscriberStore.list(tx, pageId, 500))
          await removeSubscribers(tx, announcing, some);
    },
    /** Forgets who never said yes. */
    async prune(): Promise<void> {
      await database.change(async (tx) => {
        const ids = await subscriberStore.unconfirmedBefore(tx, now() - UNCONFIRMED_MS, 500);
        if (ids.length > 0) await removeSubscribers(tx, announcing, await subscriberStore.some(tx, ids));
      });
    },
  };
}

export type SubscriberCommands = ReturnType<typeof createSubscriberCommands>;
