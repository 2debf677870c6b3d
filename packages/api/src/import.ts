import { z } from "zod";
import { METRIC_NAMES } from "./metrics.ts";
import type { MetricName } from "./metrics.ts";
import { count, float64, id } from "./numbers.ts";
import { characters, flag, LIMITS, name, note } from "./text.ts";

/** Points of one request. */
export const IMPORT_POINTS = 1_500;
const MOST_SERVERS = 500;

const moment = z.int().min(0).meta({ description: "Unix milliseconds, not later than now" });
const figure = float64.optional();
// `fromEntries` forgets which names there are.
const metrics = Object.fromEntries(METRIC_NAMES.map((metric) => [metric, figure])) as Record<MetricName, typeof figure>;

/** `POST /import/server` (ours): servers that another program knew. */
export const ImportServers = z
  .object({
    servers: z
      .array(
        z.object({
          uuid: characters(36).min(1).meta({ description: "What its agent will call itself" }),
          name: characters(LIMITS.name).min(1),
          note: note(),
          public_note: note(),
          display_index: z.int().default(0),
          hide_for_guest: flag(),
        }),
      )
      .max(MOST_SERVERS),
  })
  .meta({ id: "ImportServers" });
export type ImportServers = z.output<typeof ImportServers>;

export const ImportedServers = z
  .object({
    servers: z.array(
      z.object({ uuid: name(), id, created: z.boolean().meta({ description: "False: it was there already, and stays as it is" }) }),
    ),
  })
  .meta({ id: "ImportedServers" });

/** `POST /import/result` (ours): results of a service that were kept elsewhere. */
export const ImportResults = z
  .object({
    service_id: id,
    server_id: id,
    points: z
      .array(
        z.object({
          at: moment,
          delay: float64.optional().meta({ description: "Milliseconds; left out where there is none" }),
          up: count,
          down: count,
        }),
      )
      .max(IMPORT_POINTS),
  })
  .meta({ id: "ImportResults" });
export type ImportResults = z.output<typeof ImportResults>;

/** `POST /import/state` (ours): states of a server that were kept elsewhere. */
export const ImportStates = z
  .object({
    server_id: id,
    states: z
      .array(
        z.object({
          at: moment,
          values: z.object({ ...metrics, cpu: float64 }).meta({ description: "By metric, as in `GET /server/{id}/metrics`" }),
        }),
      )
      .max(IMPORT_POINTS),
  })
  .meta({ id: "ImportStates" });
export type ImportStates = z.output<typeof ImportStates>;

export const ImportedPoints = z
  .object({
    taken: count.meta({
      description:
        "Points that were new and not older than points are kept; a half minute of which something is known already stays as it is",
    }),
  })
  .meta({ id: "ImportedPoints" });
