import type { ReferenceSchema } from "./nezha-file/index.ts";
import type { OwnSchema } from "./own-schema.ts";

/** All tables: the reference's, and our own (`wf_…`). */
export interface Schema extends ReferenceSchema, OwnSchema {}
