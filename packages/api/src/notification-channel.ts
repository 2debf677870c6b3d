import { z } from "zod";
import { id, rowId } from "./numbers.ts";
import { bytes, characters, flag, LIMITS, time } from "./text.ts";

/** A channel's kind is named in at most so many characters. */
const kindName = () => characters(40);
const SEVERITY = z.enum(["info", "warning", "critical"]);
/** Templates of a message: title, body. */
const TITLE_BYTES = 1024;
const BODY_BYTES = 16 * 1024;
const GROUP_SECONDS = 600;
const PER_MINUTE = 600;

const settings = z
  .record(characters(LIMITS.name), z.unknown())
  .meta({ description: "As the schema of the kind says (`GET /notification-kind`)" });

/** `GET /notification-kind` (ours): a kind of channel, and what it has to be told. */
export const NotificationKind = z
  .object({
    kind: z.string(),
    name: z.string().meta({ description: "Name of the service" }),
    schema: z.record(z.string(), z.unknown()).meta({
      description: "JSON Schema of the settings: title, description and examples of a field; `writeOnly` marks secrets",
    }),
    secrets: z.array(z.string()).meta({ description: "Fields that go in and never come out" }),
    joins: z.boolean().meta({ description: "Whether several messages may go out as one" }),
    usual_title: z.string().meta({ description: "Template where a channel has none of its own" }),
    usual_body: z.string(),
    application_server_key: z.string().optional().meta({ description: "Web Push: what a browser subscribes with" }),
  })
  .meta({ id: "NotificationKind" });
export type NotificationKind = z.output<typeof NotificationKind>;

/** How messages go through a channel. */
const options = z.object({
  least_severity: SEVERITY.meta({ description: "Less urgent messages are left out" }),
  group_seconds: z.int().min(0).max(GROUP_SECONDS).meta({ description: "Messages of so many seconds go out as one; 0: each by itself" }),
  per_minute: z.int().min(0).max(PER_MINUTE).meta({ description: "What comes faster is gathered; 0: no limit" }),
  title: bytes(TITLE_BYTES).meta({ description: "Template; empty: the usual one" }),
  body: bytes(BODY_BYTES).meta({ description: "Template; empty: the usual one" }),
});

/** `GET /notification-channel` (ours): a channel by its kind. */
export const NotificationChannel = z
  .object({
    id,
    name: z.string(),
    kind: z.string().meta({ description: "Empty: a plain webhook, as `GET /notification` shows it" }),
    edited_elsewhere: z.string().optional().meta({
      description: "The kind it was, before another program changed it: it is a plain webhook now. Saving it with this kind brings it back",
    }),
    settings: settings.meta({ description: "Without secrets" }),
    secrets: z.array(z.string()).meta({ description: "Secrets that are stored" }),
    options,
    format_metric_units: z.boolean(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: "NotificationChannel" });
export type NotificationChannel = z.output<typeof NotificationChannel>;

const form = z.object({
  name: characters(LIMITS.name).optional(),
  kind: kindName().optional(),
  settings: settings.optional().meta({ description: "Replaces all; secrets left out or empty stay" }),
  options: options.partial().optional(),
  format_metric_units: z.boolean().optional().meta({ description: "Human-readable units in placeholders; true when nobody says" }),
});

/** `POST /notification-channel`, `PATCH /notification-channel/{id}`: what is left out stays. */
export const ChannelForm = form.extend({ skip_check: flag().meta({ description: "Save without sending a test message" }) }).meta({
  id: "ChannelForm",
  examples: [{ name: "ops", kind: "telegram", settings: { token: "1:a", chat_id: "-100" }, skip_check: true }],
});
export type ChannelForm = z.output<typeof ChannelForm>;

/** `POST /notification-channel/test`. */
export const ChannelTestForm = form
  .extend({ id: rowId.optional().meta({ description: "Channel whose stored values stand in for what is left out" }) })
  .meta({ id: "ChannelTestForm" });
export type ChannelTestForm = z.output<typeof ChannelTestForm>;

/** `POST /notification-channel/preview`. */
export const ChannelPreviewForm = z
  .object({
    kind: kindName().default(""),
    title: bytes(TITLE_BYTES).default(""),
    body: bytes(BODY_BYTES).default(""),
    count: z.int().min(1).max(200).default(1).meta({ description: "How many messages are gathered into one" }),
  })
  .meta({ id: "ChannelPreviewForm", examples: [{ kind: "discord", count: 45 }] });
export type ChannelPreviewForm = z.output<typeof ChannelPreviewForm>;

export const ChannelPreview = z.object({ title: z.string(), text: z.string() }).meta({ id: "ChannelPreview" });
export type ChannelPreview = z.output<typeof ChannelPreview>;
