import type { Actor, AuditLog } from "#platform/audit";
import type { Queries } from "#platform/database";
import { maskedAddress } from "./address.ts";
import type { Announcing } from "./announcing.ts";
import { subscriberStore } from "./store.ts";
import type { Subscriber } from "./store.ts";

export const KIND = "page-subscriber";

/** Deletes subscribers with what was to be sent to them. */
export async function removeSubscribers(
  tx: Queries,
  announcing: Pick<Announcing, "forget">,
  subscribers: readonly Subscriber[],
): Promise<void> {
  const ids = subscribers.map(({ id }) => id);
  if (ids.length === 0) return;
  await announcing.forget(tx, ids);
  await subscriberStore.delete(tx, ids);
}

/** Notes what became of a subscription; the address itself is written down nowhere else. */
export function noteSubscriber(
  audit: Pick<AuditLog, "write">,
  tx: Queries,
  actor: Actor,
  action: "bounce" | "confirm" | "delete" | "end",
  { id, pageId, kind, address }: Subscriber,
): Promise<void> {
  const to = { pageId, kind, address: maskedAddress(address) };
  return audit.write(tx, { actor, action: `page-subscriber.${action}`, kind: KIND, key: id, to });
}
