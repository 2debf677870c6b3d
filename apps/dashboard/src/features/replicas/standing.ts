import type { Clock } from "@windfire/kit";
import type { Bus } from "#platform/bus";

/** So long after the bus was joined or found again it may be that replicas that are there have not been heard. */
const SETTLE_MS = 10_000;

/** Whether this replica has heard all that are there: before, an agent that it knows nothing of may be at one of them. */
export function createStanding({ bus, clock }: { bus: Pick<Bus, "onState">; clock: Pick<Clock, "monotonic"> }) {
  let joinedAt: number | undefined;
  bus.onState((state) => {
    joinedAt = state === "connected" ? clock.monotonic() : undefined;
  });
  return { isSettled: (): boolean => joinedAt !== undefined && clock.monotonic() - joinedAt >= SETTLE_MS };
}
