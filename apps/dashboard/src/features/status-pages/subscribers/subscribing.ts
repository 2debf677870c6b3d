import type { PageLanguage } from "@windfire/api";
import { SYSTEM } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Changes, Database, Queries } from "#platform/database";
import type { StatusPage } from "../pages/model.ts";
import { pageStore } from "../pages/store.ts";
import { mailAddress, webhookAddress } from "./address.ts";
import type { Announcing } from "./announcing.ts";
import { noteSubscriber, removeSubscribers } from "./removal.ts";
import { subscriberStore } from "./store.ts";
import type { Subscriber } from "./store.ts";
import type { PageTokens } from "./tokens.ts";

/** Of one page, confirmed and not. */
const MOST = 20_000;
/** Whether an address is asked again when somebody enters it again. */
const ASK_AGAIN_MS = 3_600_000;

export interface SubscribingDeps {
  readonly database: Pick<Database, "change" | "kysely">;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  readonly announcing: Pick<Announcing, "askToConfirm" | "forget">;
  readonly tokens: PageTokens;
}

export type Subscribed = "asked" | "full" | "not an address" | "not offered";

/** People come and go by themselves: they ask, say yes, and end it; mail services end it for addresses that are no more. */
export function createSubscribing({ database, audit, now, announcing, tokens }: SubscribingDeps) {
  const byToken = async (queries: Queries, purpose: "confirm" | "end", token: string): Promise<Subscriber | undefined> => {
    const id = tokens.idIn(token);
    const subscriber = id === undefined ? undefined : await subscriberStore.find(queries, id);
    return subscriber && tokens.isFor(purpose, subscriber, token) ? subscriber : undefined;
  };

  return {
    byToken: (purpose: "confirm" | "end", token: string) => byToken(database.kysely, purpose, token),

    /** Whoever reads the page asks; what is answered does not tell whether the address was there already. */
    async subscribe(page: StatusPage, kind: Subscriber["kind"], text: string, language: PageLanguage): Promise<Subscribed> {
      const address = kind === "email" ? mailAddress(text) : webhookAddress(text);
      if (address === undefined) return "not an address";
      const isOffered = kind === "email" ? page.settings.subscribe_email && page.channelId !== 0 : page.settings.subscribe_webhook;
      if (!isOffered) return "not offered";
      return database.change(async (tx, changes: Changes) => {
        if ((await pageStore.find(tx, page.id)) === undefined) return "not offered";
        const known = await subscriberStore.byAddress(tx, { pageId: page.id, kind, address });
        if (known !== undefined) {
          if (known.confirmedAt === 0 && now() - known.createdAt > ASK_AGAIN_MS) {
            await subscriberStore.touch(tx, known.id, now());
            await announcing.askToConfirm(tx, changes, known);
          }
          return "asked";
        }
        if (((await subscriberStore.counts(tx)).get(page.id)?.all ?? 0) >= MOST) return "full";
        const subscriber = { pageId: page.id, kind, address, language, createdAt: now(), confirmedAt: 0 };
        const id = await subscriberStore.insert(tx, subscriber);
        await announcing.askToConfirm(tx, changes, { ...subscriber, id });
        return "asked";
      });
    },
    /** @returns the page; `undefined` when the token is none (any more) */
    async confirm(token: string): Promise<number | undefined> {
      return database.change(async (tx) => {
        const subscriber = await byToken(tx, "confirm", token);
        if (subscriber === undefined) return undefined;
        if (subscriber.confirmedAt === 0) {
          await subscriberStore.confirm(tx, subscriber.id, now());
          await noteSubscriber(audit, tx, SYSTEM, "confirm", subscriber);
        }
        return subscriber.pageId;
      });
    },
    async end(token: string): Promise<number | undefined> {
      return database.change(async (tx) => {
        const subscriber = await byToken(tx, "end", token);
        if (subscriber === undefined) return undefined;
        await removeSubscribers(tx, announcing, [subscriber]);
        await noteSubscriber(audit, tx, SYSTEM, "end", subscriber);
        return subscriber.pageId;
      });
    },
    /** A mail service says that addresses take no mail; how many of them were subscribers. */
    async bounced(pageId: number, addresses: readonly string[]): Promise<number> {
      return database.change(async (tx) => {
        let count = 0;
        for (const text of addresses) {
          const address = mailAddress(text);
          const found = address === undefined ? undefined : await subscriberStore.byAddress(tx, { pageId, kind: "email", address });
          if (found === undefined) continue;
          await removeSubscribers(tx, announcing, [found]);
          await noteSubscriber(audit, tx, SYSTEM, "bounce", found);
          count++;
        }
        return count;
      });
    },
  };
}

export type Subscribing = ReturnType<typeof createSubscribing>;
