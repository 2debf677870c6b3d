import { z } from "zod";
import type { SharedResult } from "#features/services";
import type { Bus } from "#platform/bus";

const TOPIC = "probe-result";
const message = z.object({
  v: z.literal(1),
  serviceId: z.int().positive(),
  serverId: z.int().positive(),
  delay: z.number(),
  successful: z.boolean(),
  data: z.string(),
});

/** Tells all other replicas of a probe's result that was accepted here. What the bus cannot take is lost to them, as a probe may be. */
export function shareResults(bus: Pick<Bus, "publish">): (result: SharedResult) => void {
  return (result) => void bus.publish(TOPIC, Buffer.from(JSON.stringify({ v: 1, ...result })));
}

/** Hears of those that others accepted. */
export function hearResults(bus: Pick<Bus, "take">, hear: (result: SharedResult) => void): void {
  bus.take(TOPIC, (_from, body) => {
    const { v: _version, ...result } = message.parse(JSON.parse(Buffer.from(body).toString("utf8")));
    hear(result);
  });
}
