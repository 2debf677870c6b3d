import { z } from "zod";
import { count, decimal, id } from "./numbers.ts";
import { time } from "./text.ts";

/** Days back from now that availability is told for. */
export const AVAILABILITY_DAYS = [1, 7, 30, 90] as const;

const days = z.literal(AVAILABILITY_DAYS);
export const AvailabilityQuery = z.object({
  days: z
    .enum(AVAILABILITY_DAYS.map(String) as ["1", "7", "30", "90"])
    .default("30")
    .meta({ description: "How far back from now" }),
});

const shares = {
  online_seconds: count,
  offline_seconds: count.meta({ description: "No report for more than 30 s: from the last report to the next one" }),
  unknown_seconds: count.meta({ description: "The dashboard was not running, or knew nothing of the server yet" }),
  planned_seconds: count.meta({ description: "Planned work (maintenance windows): counted as neither" }),
};

/** `GET /availability` (ours): how much of a time a server was there. */
export const Availability = z
  .object({
    server_id: id,
    days,
    from: time,
    to: time,
    ...shares,
    percent: decimal.nullable().meta({ description: "Of the time that is known and was not planned; null when nothing is" }),
  })
  .meta({ id: "Availability" });
export type Availability = z.output<typeof Availability>;

/** A time without reports, or one of planned work. */
export const OfflineTime = z
  .object({ from: time, to: time.optional().meta({ description: "Left out while it lasts" }) })
  .meta({ id: "OfflineTime" });
export type OfflineTime = z.output<typeof OfflineTime>;

/** `GET /server/{id}/availability` (ours). */
export const ServerAvailability = Availability.extend({
  by_day: z
    .array(z.object({ day: z.iso.date(), ...shares }))
    .meta({ description: "Oldest first, in the zone of the configuration; the first and the last are cut to the time asked for" }),
  offline: z.array(OfflineTime).meta({ description: "Newest first, at most 200" }),
  planned: z.array(OfflineTime).meta({ description: "When it was worked on as planned; newest first, at most 200" }),
}).meta({ id: "ServerAvailability" });
export type ServerAvailability = z.output<typeof ServerAvailability>;
