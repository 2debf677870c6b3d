import { z } from "zod";
import { count, id } from "./numbers.ts";
import { characters, instant, time } from "./text.ts";

const bytes = z.int().meta({ description: "Bytes that were moved beside what is recorded; less than 0 takes away" });

/** `POST /server/{id}/traffic-correction`. */
export const TrafficCorrectionForm = z
  .object({
    at: instant
      .optional()
      .meta({ description: "The cycle it counts for is the one that this lies in; now without. From 2000 on, at most a day ahead" }),
    in: bytes.default(0),
    out: bytes.default(0),
    note: characters(200).default(""),
  })
  .refine((form) => form.in !== 0 || form.out !== 0, { path: ["in"], error: "must not be 0 where out is 0 too" })
  .meta({
    id: "TrafficCorrectionForm",
    examples: [{ at: "2026-01-15T00:00:00Z", in: 5_000_000_000, out: 0, note: "moved by rescue system" }],
  });
export type TrafficCorrectionForm = z.output<typeof TrafficCorrectionForm>;

/** `GET /server/{id}/traffic-correction`. */
export const TrafficCorrection = z
  .object({
    id,
    server_id: id,
    at: time,
    in: bytes,
    out: bytes,
    note: z.string(),
    created_at: time,
    created_by: z.string().meta({ description: "Name of the user" }),
  })
  .meta({ id: "TrafficCorrection" });
export type TrafficCorrection = z.output<typeof TrafficCorrection>;

/** Days back from now that traffic is told for at most: as far as every ledger goes. */
export const TRAFFIC_DAYS = 62;

/** Query of `GET /server/{id}/traffic` (ours). */
export const TrafficQuery = z.object({
  days: z.coerce
    .number()
    .int()
    .min(1)
    .max(TRAFFIC_DAYS)
    .default(1)
    .meta({ description: "How far back from now: one day by the hour, more by the day. Guests may ask for one" }),
});

const bars = z
  .array(
    z.object({
      from: time,
      in: count.meta({ description: "Bytes, corrections by hand included, never less than 0" }),
      out: count,
    }),
  )
  .meta({ description: "Oldest first, without gaps; the last one is still under way" });
const zone = z.string().meta({ description: "Whose days and hours they are: that of the configuration" });

/** `GET /server/{id}/traffic` (ours): what a server moved, bar by bar. */
export const ServerTraffic = z
  .object({
    server_id: id,
    days: z.int(),
    step: z.enum(["hour", "day"]),
    zone,
    since: time.nullable().meta({ description: "The first hour that is recorded of this server; null when none is" }),
    bars,
  })
  .meta({ id: "ServerTraffic" });
export type ServerTraffic = z.output<typeof ServerTraffic>;

/** `GET /traffic/hours` (ours): what servers moved together in the last day. */
export const FleetTraffic = z
  .object({
    zone,
    since: time.nullable().meta({ description: "The first of these hours that is recorded of any of them; null when none is" }),
    bars,
  })
  .meta({ id: "FleetTraffic" });
export type FleetTraffic = z.output<typeof FleetTraffic>;
