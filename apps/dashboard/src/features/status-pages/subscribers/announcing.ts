import type { Changes, Database, Queries } from "#platform/database";
import type { Message, Outbox, Outcome, Topic } from "#platform/outbox";
import type { StatusPage } from "../pages/model.ts";
import { subscriberStore } from "./store.ts";
import type { Subscriber } from "./store.ts";

/** What subscribers are told of. */
export type News =
  | { readonly what: "incident"; readonly id: number; readonly updateId: number }
  | { readonly what: "maintenance"; readonly id: number };

/** Tells the subscribers of a page, in the transaction of the change. */
export type Announce = (tx: Queries, changes: Changes, page: StatusPage, news: News) => Promise<void>;

/** One message for all subscribers, which hands out messages for a few of them at a time. */
export const NEWS_TOPIC = "status-page-news";
/** One message for each subscriber. */
export const LETTER_TOPIC = "status-page-letter";

/** What a letter says: news of a page, or that somebody asked for them. */
export type Letter = { readonly pageId: number } & (News | { readonly what: "confirm" });

/** Subscribers that get their letters in one transaction. */
const HANDED_OUT = 200;
/** News of so long go out as one letter. */
const GATHERED_MS = 30_000;
/** Letters that go out as one at most. */
const MOST_JOINED = 20;
const ATTEMPT_MS = 60_000;
const FIRST_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 3_600_000;
const GIVE_UP_MS = 24 * 3_600_000;
/** Letters a minute: mail services take many at once for a flood. */
const PER_MINUTE = 120;

export interface AnnouncingDeps {
  readonly database: Pick<Database, "kysely">;
  readonly outbox: Pick<Outbox, "add" | "handle" | "nextUntried" | "dropTargets">;
  readonly now: () => number;
  readonly pages: { get(id: number): StatusPage | undefined };
  /** Says letters to a subscriber. */
  readonly deliver: (subscriber: Subscriber, letters: readonly Letter[], message: Message, signal: AbortSignal) => Promise<Delivered>;
}

/** What came of it; `gone`: the address takes no mail any more. */
export type Delivered = Outcome | { readonly kind: "gone"; readonly reason: string };

/** Hands news of pages to their subscribers through the outbox. */
export function createAnnouncing(deps: AnnouncingDeps) {
  const { database, outbox, now, pages } = deps;
  const pace = createPace(now);
  const gone = new Set<number>();

  const addLetter = async (tx: Queries, changes: Changes, subscriberId: number, letter: Letter, waitMs: number): Promise<void> => {
    const target = String(subscriberId);
    const first = waitMs === 0 ? undefined : await outbox.nextUntried(tx, { topic: LETTER_TOPIC, target });
    const notBefore = waitMs === 0 ? now() : (first ?? now() + waitMs);
    await outbox.add(tx, changes, {
      topic: LETTER_TOPIC,
      target,
      event: `page ${letter.pageId}`,
      kind: letter.what,
      payload: letter,
      notBefore,
    });
  };
  const news: Topic = {
    name: NEWS_TOPIC,
    attemptMs: ATTEMPT_MS,
    retryAfter,
    ownerOf: (target) => `page ${target}`,
    send: async (message) =>
      pages.get(Number(message.target)) === undefined ? { kind: "cancelled", reason: "the page is gone" } : { kind: "delivered" },
    async settled(tx, changes, message, outcome) {
      if (outcome.kind !== "delivered") return;
      const { letter, after } = message.payload as { readonly letter: Letter; readonly after: number };
      const some = await subscriberStore.confirmedAfter(tx, letter.pageId, after, HANDED_OUT);
      for (const { id } of some) await addLetter(tx, changes, id, letter, GATHERED_MS);
      const last = some.at(-1);
      if (last === undefined || some.length < HANDED_OUT) return;
      await outbox.add(tx, changes, { topic: NEWS_TOPIC, target: message.target, payload: { letter, after: last.id } });
    },
  };
  const sendAll = async (messages: readonly Message[], signal: AbortSignal): Promise<readonly Outcome[]> => {
    const [first] = messages;
    if (first === undefined) return [];
    const subscriber = await subscriberStore.find(database.kysely, Number(first.target));
    if (subscriber === undefined) return messages.map(() => ({ kind: "cancelled", reason: "nobody wants it any more" }));
    pace.sent();
    const letters = messages.map(({ payload }) => payload as Letter);
    const outcome = await deps.deliver(subscriber, letters, first, signal);
    if (outcome.kind !== "gone") return messages.map(() => outcome);
    gone.add(subscriber.id);
    return messages.map(() => ({ kind: "dead", reason: outcome.reason }));
  };
  const letters: Topic = {
    name: LETTER_TOPIC,
    attemptMs: ATTEMPT_MS,
    retryAfter,
    ownerOf: (target) => `subscriber ${Number(target) % 8}`,
    heldUntil: () => pace.heldUntil(),
    send: async (message, signal) => (await sendAll([message], signal))[0] ?? { kind: "delivered" },
    join: { most: () => MOST_JOINED, send: sendAll },
    /** An address that takes no mail is forgotten together with what was for it. */
    async settled(tx, _changes, message, outcome) {
      const id = Number(message.target);
      if (outcome.kind !== "dead" || !gone.delete(id)) return;
      await subscriberStore.delete(tx, [id]);
    },
  };
  outbox.handle(news);
  outbox.handle(letters);

  return {
    announce: (async (tx, changes, page, of) => {
      const letter: Letter = { ...of, pageId: page.id };
      await outbox.add(tx, changes, { topic: NEWS_TOPIC, target: String(page.id), payload: { letter, after: 0 } });
    }) satisfies Announce,
    /** Asks an address whether it wants what somebody asked for in its name. */
    askToConfirm: (tx: Queries, changes: Changes, { id, pageId }: Subscriber): Promise<void> =>
      addLetter(tx, changes, id, { what: "confirm", pageId }, 0),
    /** Nothing is sent to them any more. */
    forget: (tx: Queries, ids: readonly number[]): Promise<void> => outbox.dropTargets(tx, LETTER_TOPIC, ids.map(String)),
  };
}

export type Announcing = ReturnType<typeof createAnnouncing>;

function retryAfter(attempts: number, ageMs: number): number | undefined {
  return ageMs > GIVE_UP_MS ? undefined : Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS);
}

/** Letters of the minute that runs. */
function createPace(now: () => number) {
  let minute = 0;
  let count = 0;
  const minuteNow = (): number => Math.floor(now() / 60_000);
  return {
    sent(): void {
      if (minuteNow() !== minute) {
        minute = minuteNow();
        count = 0;
      }
      count++;
    },
    heldUntil: (): number => (minuteNow() === minute && count >= PER_MINUTE ? (minute + 1) * 60_000 : 0),
  };
}
