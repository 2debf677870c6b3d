import { timingSafeEqual } from "node:crypto";
import type { Sealing } from "#platform/sealing";
import type { StatusPage } from "../pages/model.ts";
import type { Subscriber } from "./store.ts";

/** What a link in a mail lets its reader do. */
export type Purpose = "confirm" | "end";
type BouncePage = Pick<StatusPage, "id" | "bounceTurn">;

const BYTES = 18;

/** Tokens that need not be stored: whoever has one was sent it, because nobody else can make it. */
export function createPageTokens(sealing: Pick<Sealing, "derive">) {
  const derived = (label: string): string => sealing.derive(`status page ${label}`, BYTES).toString("base64url");
  const isEqual = (one: string, other: string): boolean => {
    const [a, b] = [Buffer.from(one), Buffer.from(other)];
    return a.length === b.length && timingSafeEqual(a, b);
  };
  const labelOf = (purpose: Purpose, { id, pageId, address, createdAt }: Subscriber): string =>
    `${purpose} ${id} ${pageId} ${createdAt} ${address}`;
  const bounceLabel = ({ id, bounceTurn }: BouncePage): string => `bounce page ${id}${bounceTurn === 0 ? "" : ` ${bounceTurn}`}`;
  return {
    /** `12.x7…`: the subscription and what proves it. */
    of: (purpose: Purpose, subscriber: Subscriber): string => `${subscriber.id}.${derived(labelOf(purpose, subscriber))}`,
    idIn(token: string): number | undefined {
      const [, id] = /^(\d{1,15})\.[\w-]{24}$/.exec(token) ?? [];
      return id === undefined ? undefined : Number(id);
    },
    isFor: (purpose: Purpose, subscriber: Subscriber, token: string): boolean =>
      isEqual(`${subscriber.id}.${derived(labelOf(purpose, subscriber))}`, token),
    /** Of the address at which mail services report bounces of a page's mail. */
    bounce: (page: BouncePage): string => derived(bounceLabel(page)),
    isBounce: (page: BouncePage, token: string): boolean => isEqual(derived(bounceLabel(page)), token),
    /** Proof that somebody knew the password of a page; ends when it is changed, and with its time. */
    unlock: (pageId: number, passwordHash: string, until: number): string =>
      `${until}.${derived(`unlock ${pageId} ${until} ${passwordHash}`)}`,
    isUnlocked(pageId: number, passwordHash: string, token: string, now: number): boolean {
      const until = Number(/^(\d{1,15})\./.exec(token)?.[1] ?? 0);
      return until > now && isEqual(`${until}.${derived(`unlock ${pageId} ${until} ${passwordHash}`)}`, token);
    },
  };
}

export type PageTokens = ReturnType<typeof createPageTokens>;
