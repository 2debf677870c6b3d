import { z } from "zod";
import { Nothing } from "./envelope.ts";
import { time } from "./text.ts";

/** `POST /maintenance` has no body and nothing to say (spec 10 section 15). */
export const MaintenanceResult = Nothing;

const step = z.enum(["vacuum", "history"]);

/** `GET /maintenance/status`: the run under way, or the last one; zero times when there was none. */
export const MaintenanceStatus = z
  .object({
    running: z.boolean(),
    step: step.nullable().meta({ description: "What is being done now" }),
    started_at: time,
    finished_at: time,
    failed: z.array(step),
  })
  .meta({ id: "MaintenanceStatus" });
export type MaintenanceStatus = z.output<typeof MaintenanceStatus>;
