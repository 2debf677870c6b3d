import { z } from "zod";
import { id, uint8 } from "./numbers.ts";
import { flag, line, name, note, time } from "./text.ts";

const secret = z.literal("").meta({ description: "Write-only: always empty" });

/** `GET /notification` (spec 11 section 6.1): a webhook-like sender. */
export const Notification = z
  .object({
    id,
    created_at: time,
    updated_at: time,
    name: z.string(),
    url: secret,
    request_method: uint8.meta({ description: "1 GET, 2 POST" }),
    request_type: uint8.meta({ description: "1 JSON, 2 form" }),
    request_header: secret,
    request_body: secret,
    verify_tls: z.boolean().optional(),
    format_metric_units: z.boolean().optional().meta({ description: "Human-readable units in placeholders" }),
  })
  .meta({ id: "Notification" });
export type Notification = z.output<typeof Notification>;

/** `POST /notification`, `PATCH /notification/{id}` (spec 11 section 6.3). On PATCH empty secrets keep what is stored. */
export const NotificationForm = z
  .object({
    name: name(),
    url: line(),
    request_method: uint8.default(0).meta({ description: "1 GET, 2 POST" }),
    request_type: uint8.default(0).meta({ description: "1 JSON, 2 form" }),
    request_header: note().meta({
      description: "JSON object as text",
      examples: ['{"X-Key":"k"}'],
    }),
    request_body: note().meta({ description: "Template", examples: ['{"text":"#NEZHA#"}'] }),
    verify_tls: flag(),
    skip_check: flag().meta({ description: "Save without sending a test message" }),
    format_metric_units: flag(),
  })
  .meta({ id: "NotificationForm" });
export type NotificationForm = z.output<typeof NotificationForm>;
export type NotificationFormInput = z.input<typeof NotificationForm>;
