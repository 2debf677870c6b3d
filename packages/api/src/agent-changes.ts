import { z } from "zod";
import { AvailabilityQuery } from "./availability.ts";
import { time } from "./text.ts";

export const AgentChangesQuery = AvailabilityQuery;

/** `GET /server/{id}/agent-changes` (ours). */
export const AgentChange = z
  .object({
    at: time.meta({ description: "When the dashboard noticed" }),
    what: z.enum(["version", "address"]),
    from: z.string().meta({ description: "What it was before" }),
    to: z.string().meta({ description: "The agent's version, or its addresses: `v4/v6` where it has both" }),
  })
  .meta({ id: "AgentChange" });
export type AgentChange = z.output<typeof AgentChange>;
