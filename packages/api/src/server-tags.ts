import { z } from "zod";
import { ids } from "./lists.ts";
import { id } from "./numbers.ts";

/** Tags of one server, and characters of one. */
export const MOST_TAGS = 20;
const LONGEST_TAG = 32;
const TAG = /^[^\s,\p{C}]{1,32}$/u;

const tag = z
  .string()
  .regex(TAG, `must have 1 to ${LONGEST_TAG} characters without spaces and commas`)
  .meta({ minLength: 1, maxLength: LONGEST_TAG, examples: ["web"] });

/** Words that an owner gives servers (ours); each once, in their order. */
export const serverTags = z
  .array(tag)
  .max(MOST_TAGS, `must have at most ${MOST_TAGS} entries`)
  .overwrite((tags) => [...new Set(tags)]);

/** `POST /batch-update/server`. Ours: what several servers get at once; what is left out stays as it is. */
export const ServerBatch = z
  .object({
    ids: ids.default([]),
    hide_for_guest: z.boolean().optional(),
    add_tags: serverTags.optional(),
    remove_tags: serverTags.optional(),
  })
  .meta({ id: "ServerBatch", examples: [{ ids: [1, 2], add_tags: ["web"] }] });
export type ServerBatch = z.output<typeof ServerBatch>;
export type ServerBatchInput = z.input<typeof ServerBatch>;

/** Who was not so already: to take it back, the opposite goes to these. */
export const ServerBatchResult = z
  .object({ changed: z.array(id).meta({ description: "Servers that are another now" }) })
  .meta({ id: "ServerBatchResult", examples: [{ changed: [1, 2] }] });
export type ServerBatchResult = z.output<typeof ServerBatchResult>;
