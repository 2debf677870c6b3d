import type { Cascade } from "#platform/database";
import type { Message, Outbox, Outcome } from "#platform/outbox";
import type { History } from "./model.ts";

/** As the outbox names what is to be forgotten. */
const TOPIC = "history";
/** Ids in one message. */
const AT_ONCE = 500;
const ATTEMPT_MS = 60_000;
const LONGEST_WAIT_MS = 60_000;

/** What is kept of servers and services that are deleted goes as well: each list is one for the cascade of its kind. */
export interface Forgetting {
  readonly servers: Cascade;
  readonly services: Cascade;
}

interface Payload {
  readonly kind: "server" | "service";
  readonly ids: readonly number[];
}

/**
 * Written in the transaction of the deletion and done by the outbox: the store is no part of the database, may be down, and a crash in
 * between would leave the history of rows that are no more.
 */
export function createForgetting(deps: {
  readonly outbox: Pick<Outbox, "add" | "handle">;
  readonly history: Pick<History, "dropServers" | "dropServices">;
}): Forgetting {
  const { outbox, history } = deps;
  const cascade =
    (kind: Payload["kind"]): Cascade =>
    async (tx, ids, changes) => {
      for (let from = 0; from < ids.length; from += AT_ONCE) {
        const payload: Payload = { kind, ids: ids.slice(from, from + AT_ONCE) };
        await outbox.add(tx, changes, { topic: TOPIC, target: kind, payload });
      }
    };
  outbox.handle({
    name: TOPIC,
    attemptMs: ATTEMPT_MS,
    ownerOf: () => "",
    retryAfter: (attempts) => Math.min(1_000 * 2 ** attempts, LONGEST_WAIT_MS),
    async send(message: Message): Promise<Outcome> {
      // The room wrote the payload itself.
      const { kind, ids } = message.payload as Payload;
      await (kind === "server" ? history.dropServers(ids) : history.dropServices(ids));
      return { kind: "delivered" };
    },
  });
  return { servers: cascade("server"), services: cascade("service") };
}
