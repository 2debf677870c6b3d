import { z } from "zod";
import { count, id } from "./numbers.ts";
import { time } from "./text.ts";

/** Who does something: `mcp` is a token that came through MCP, `system` the program itself. */
export const AUDIT_ACTORS = ["user", "token", "mcp", "system", "guest"] as const;

/** One thing that was done. */
export const AuditLine = z
  .object({
    id,
    at: time,
    actor: z.enum(AUDIT_ACTORS),
    user_id: count.meta({ description: "0: nobody" }),
    username: z.string().meta({ description: "As it was then" }),
    token_id: count.meta({ description: "0: no token" }),
    token_name: z.string().meta({ description: "As it was then" }),
    address: z.string().meta({ description: "Empty when unknown" }),
    action: z.string().meta({ examples: ["server.update"] }),
    kind: z.string().meta({ examples: ["server"] }),
    key: z.string().meta({ description: "Id or name of the row" }),
    fields: z
      .array(z.object({ field: z.string(), from: z.unknown().optional(), to: z.unknown().optional() }))
      .meta({ description: "What changed. Secrets are `•••`, long values are cut" }),
  })
  .meta({ id: "AuditLine" });
export type AuditLine = z.output<typeof AuditLine>;

/** `GET /audit`. */
export const AuditPage = z
  .object({
    lines: z.array(AuditLine).meta({ description: "Newest first" }),
    next: id.optional().meta({ description: "Give it as `before` for what is older; left out: there is nothing older" }),
  })
  .meta({ id: "AuditPage" });
export type AuditPage = z.output<typeof AuditPage>;

/** `GET /audit/kinds`: what occurs in the log. */
export const AuditKinds = z.object({ actions: z.array(z.string()), kinds: z.array(z.string()) }).meta({ id: "AuditKinds" });
export type AuditKinds = z.output<typeof AuditKinds>;

const MOST_LINES = 500;
const instant = z.iso.datetime({ offset: true }).optional();
const rowNumber = z.coerce.number().int().positive().optional();

/** What lines are wanted. */
export const AuditFilter = z.object({
  actor: z.enum(AUDIT_ACTORS).optional(),
  user: rowNumber.meta({ description: "Id of the user" }),
  token: rowNumber.meta({ description: "Id of the token" }),
  kind: z.string().max(64).optional(),
  key: z.string().max(256).optional().meta({ description: "Id or name of the row; with `kind`" }),
  action: z.string().max(64).optional().meta({ description: "`server.update`, or `server.*` for all of a kind" }),
  since: instant,
  until: instant,
  text: z.string().max(200).optional().meta({ description: "Anywhere in names, address, action, key or fields" }),
});
export type AuditFilter = z.output<typeof AuditFilter>;

/** Query of `GET /audit`. */
export const AuditQuery = AuditFilter.extend({
  before: rowNumber.meta({ description: "Only older lines: `next` of the page before" }),
  limit: z.coerce.number().int().min(1).max(MOST_LINES).default(100),
});

export const AUDIT_FORMATS = ["csv", "jsonl"] as const;
/** Query of `GET /audit/export`. */
export const AuditExportQuery = AuditFilter.extend({ format: z.enum(AUDIT_FORMATS).default("csv") });

const retention = {
  days: z.int().min(1).max(3_650),
  lines: z.int().min(1_000).max(1_000_000),
  megabytes: z.int().min(1).max(1_024),
};
/** `PATCH /audit/retention`: whatever is reached first, the oldest lines go. */
export const AuditRetentionForm = z.object(retention).partial().meta({ id: "AuditRetentionForm" });
export type AuditRetentionForm = z.output<typeof AuditRetentionForm>;
/** `GET /audit/retention`. */
export const AuditRetention = z
  .object({
    ...retention,
    kept_lines: count,
    oldest_at: time.optional().meta({ description: "Left out when there is none" }),
  })
  .meta({ id: "AuditRetention" });
export type AuditRetention = z.output<typeof AuditRetention>;
