import { z } from "zod";
import { id } from "./numbers.ts";

/** What a server or service is reached through (ours): while that is down, nobody is told of what fails behind it. */
export const ReachedThrough = z.object({ kind: z.enum(["server", "service"]), id }).meta({ id: "ReachedThrough" });
export type ReachedThrough = z.output<typeof ReachedThrough>;

/** In forms. */
export const reachedThroughForm = ReachedThrough.nullable()
  .optional()
  .meta({ description: "What it is reached through; null: nothing. Left out it stays what it is, nothing at first" });
