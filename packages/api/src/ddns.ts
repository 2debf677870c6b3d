import { z } from "zod";
import { lines } from "./lists.ts";
import { count, id, uint64, uint8 } from "./numbers.ts";
import { flag, line, name, note, time } from "./text.ts";

/** `GET /ddns/providers`, in this order (spec 11 section 10.3). */
export const DDNS_PROVIDERS = ["dummy", "webhook", "cloudflare", "tencentcloud", "he"] as const;
export type DdnsProvider = (typeof DDNS_PROVIDERS)[number];
export const DdnsProviders = z.array(z.string()).meta({ examples: [[...DDNS_PROVIDERS]] });

const text = z.string().optional();
const METHODS = "1 GET, 2 POST, 3 PATCH, 4 DELETE, 5 PUT";
const TYPES = "1 JSON, 2 form";

/** `GET /ddns` (spec 11 section 10.1). Secret, and address, headers and body of a webhook are write-only. */
export const DdnsProfile = z
  .object({
    id,
    created_at: time,
    updated_at: time,
    name: z.string(),
    provider: z.string(),
    enable_ipv4: z.boolean().optional(),
    enable_ipv6: z.boolean().optional(),
    max_retries: count,
    domains: z.array(z.string()).nullable().meta({ description: "In ASCII form" }),
    access_id: text,
    webhook_method: uint8.optional().meta({ description: METHODS }),
    webhook_request_type: uint8.optional().meta({ description: TYPES }),
  })
  .meta({ id: "DdnsProfile" });
export type DdnsProfile = z.output<typeof DdnsProfile>;

/**
 * `POST /ddns`, `PATCH /ddns/{id}` (spec 11 section 10.4). On PATCH empty secrets keep what is stored; where the provider or the host of
 * the webhook changes, they have to be entered again.
 */
export const DdnsForm = z
  .object({
    name: name(),
    provider: line().meta({ examples: ["cloudflare"] }),
    enable_ipv4: flag(),
    enable_ipv6: flag(),
    max_retries: uint64.default(0).meta({ description: "1 to 10", examples: [3] }),
    domains: lines.nullable().default(null),
    access_id: line(),
    access_secret: line().meta({ description: "Write-only" }),
    webhook_url: line().meta({ description: "Write-only. Placeholders count in the query" }),
    webhook_method: uint8.default(0).meta({ description: METHODS }),
    webhook_request_type: uint8.default(0).meta({ description: TYPES }),
    webhook_request_body: note().meta({ description: "Write-only" }),
    webhook_headers: note().meta({ description: "Write-only; JSON object as text" }),
  })
  .meta({ id: "DdnsForm" });
export type DdnsForm = z.output<typeof DdnsForm>;
export type DdnsFormInput = z.input<typeof DdnsForm>;

export const DDNS_RECORD_STATES = ["waiting", "published", "deleted", "kept", "failed", "cancelled"] as const;

/** `GET /ddns/{id}/record` (ours): one record of a profile. */
export const DdnsRecord = z
  .object({
    domain: z.string(),
    family: z.enum(["ipv4", "ipv6"]),
    server_id: id.meta({ description: "Server whose address it is" }),
    state: z.enum(DDNS_RECORD_STATES).meta({ description: "kept: to be deleted, which the provider cannot do" }),
    address: z.string().meta({ description: "What it is to hold; empty: it is to be deleted" }),
    published: z.string().meta({ description: "What was published last; empty: nothing" }),
    attempts: z.int(),
    published_at: time.optional(),
    tried_at: time.optional().meta({ description: "Of the last attempt" }),
    error: z.string().optional().meta({ description: "Why the last attempt failed; never a secret" }),
  })
  .meta({ id: "DdnsRecord" });
export type DdnsRecord = z.output<typeof DdnsRecord>;

/** `POST /ddns/{id}/test` (ours). */
export const DdnsTest = z.object({ records: z.int().meta({ description: "Records on their way" }) }).meta({ id: "DdnsTest" });
