import { z } from "zod";
import { ids, lines } from "./lists.ts";
import { id, int64 } from "./numbers.ts";
import { line, time } from "./text.ts";

const scopes = z.array(z.string());

/** Figures of `POST /api-tokens` (spec 10 section 12.3). */
export const API_TOKEN_LIMITS = {
  nameLength: 128,
  scopeLength: 64,
  scopes: 32,
  servers: 1000,
  days: 3650,
} as const;

/** Spec 10 section 12.2. */
export const ApiToken = z
  .object({
    id,
    name: z.string(),
    scopes: scopes.nullable().meta({ examples: [["nezha:inventory:read", "nezha:server:*"]] }),
    server_ids: z.array(id).optional().meta({ description: "The only servers the token may touch; left out: no restriction" }),
    expires_at: time.optional().meta({ description: "Left out: never" }),
    last_used_at: time.optional(),
    last_used_ip: z.string().optional(),
    created_at: time,
  })
  .meta({ id: "ApiToken" });
export type ApiToken = z.output<typeof ApiToken>;

/** `POST /api-tokens`. The order of the checks is the handler's. */
export const ApiTokenCreate = z
  .object({
    name: line(),
    scopes: lines.default([]).meta({ examples: [["nezha:inventory:read", "nezha:server:read"]] }),
    server_ids: ids.default([]),
    expires_in_days: int64.default(0).meta({ description: "0: never expires", examples: [90] }),
  })
  .meta({ id: "ApiTokenCreate" });
export type ApiTokenCreate = z.output<typeof ApiTokenCreate>;
export type ApiTokenCreateInput = z.input<typeof ApiTokenCreate>;

/** Answer of `POST /api-tokens`: the only time the token itself is shown. */
export const ApiTokenCreated = z
  .object({
    id,
    name: z.string(),
    token: z.string().meta({ description: "`nzp_` and 32 characters, shown once" }),
    scopes,
    server_ids: z.array(id).optional(),
    expires_at: time.optional(),
  })
  .meta({ id: "ApiTokenCreated" });
export type ApiTokenCreated = z.output<typeof ApiTokenCreated>;
