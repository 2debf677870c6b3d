import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/** What a query can be built on: the database itself or an open transaction. */
export type Queries = Kysely<Schema>;
