import type { Clock } from "@windfire/kit";
import type { Bus } from "#platform/bus";
import { reachedMessage, reachMessage } from "./messages.ts";
import type { Peers } from "./peers.ts";

/** How long whoever changed something waits for it to be known at the other dashboards. */
const WAIT_MS = 1_000;
/** A dashboard that did not say so in time is not waited for for so long. */
const PASSED_OVER_MS = 10_000;

/** Rows that this process has in memory, by their place in the change log. */
export interface Applied {
  readonly applied: number;
  reach(sequence: number): Promise<void>;
}

export interface SpreadDeps {
  readonly clock: Pick<Clock, "monotonic">;
  readonly bus: Pick<Bus, "answer" | "request" | "state">;
  readonly peers: Pick<Peers, "ids">;
  readonly changes: Applied;
}

/**
 * Waits until what is in memory here is so at the dashboards that are there: whoever changed something comes to another one with the next
 * connection. For people; what the dashboard does by itself waits for nobody.
 */
export function createSpread({ clock, bus, peers, changes }: SpreadDeps): () => Promise<void> {
  const passedOver = new Map<string, number>();
  let known = 0;
  bus.answer("reach", async (_from, question) => {
    const asked = reachMessage.decode(question);
    if (asked) await changes.reach(asked.sequence);
    return reachedMessage.encode({});
  });
  const ask = async (replica: string, sequence: number): Promise<void> => {
    const answer = await bus.request(replica, "reach", reachMessage.encode({ sequence }), WAIT_MS);
    if (answer === "no-answer") passedOver.set(replica, clock.monotonic() + PASSED_OVER_MS);
    else passedOver.delete(replica);
  };
  return async () => {
    const sequence = changes.applied;
    if (sequence <= known || bus.state !== "connected") return;
    const there = peers.ids();
    for (const replica of passedOver.keys()) if (!there.includes(replica)) passedOver.delete(replica);
    const waitedFor = there.filter((replica) => (passedOver.get(replica) ?? 0) <= clock.monotonic());
    await Promise.all(waitedFor.map((replica) => ask(replica, sequence)));
    known = Math.max(known, sequence);
  };
}
