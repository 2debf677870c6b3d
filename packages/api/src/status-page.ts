import { z } from "zod";
import { count, id, rowId } from "./numbers.ts";
import { byteLength, bytes, characters, flag, LIMITS, time } from "./text.ts";
import { timeZone } from "./time-zone.ts";

/** Languages that pages are drawn in, as `lang` attributes name them. */
export const PAGE_LANGUAGES = ["de", "en", "es", "fr", "gl", "id", "ja", "pt-BR", "ro", "ru", "ta", "uk", "vi", "zh-CN", "zh-TW"] as const;
export const PageLanguage = z.enum(PAGE_LANGUAGES);
export type PageLanguage = z.output<typeof PageLanguage>;

const TITLE = 120;
const TEXT_BYTES = 4 * 1024;
const GROUPS = 50;
const PARTS = 200;
const LOGO_BYTES = 96 * 1024;

const title = () => characters(TITLE);
/** A text in other languages than the page's own. */
export const inLanguages = <S extends z.ZodType>(text: S) => z.partialRecord(PageLanguage, text);

/** What of the fleet a page tells about. */
export const PagePartRef = z
  .object({ kind: z.enum(["service", "server"]), id: rowId })
  .meta({ id: "PagePartRef", description: "A service or a server by its row id" });
export type PagePartRef = z.output<typeof PagePartRef>;

const PagePart = PagePartRef.extend({
  name: title()
    .default("")
    .meta({ description: "What readers see; empty: the row's own name. Needed for what guests do not see elsewhere" }),
  names: inLanguages(title()).default({}).meta({ description: "The name in other languages" }),
}).meta({ id: "PagePart" });

const PageGroup = z
  .object({
    name: title(),
    names: inLanguages(title()).default({}),
    parts: z.array(PagePart).max(PARTS, `must have at most ${PARTS} entries`),
  })
  .meta({ id: "PageGroup", description: "Parts in the order in which they are shown" });

const LOGO = /^(data:image\/(png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+=*)?$/;
const logo = z
  .string()
  .refine((text) => byteLength(text) <= LOGO_BYTES, `must have at most ${LOGO_BYTES} bytes`)
  .refine((text) => LOGO.test(text), "must be empty or a picture as data:image/png;base64,… (PNG, JPEG, WebP or GIF)")
  .default("")
  .meta({ maxLength: LOGO_BYTES, description: "Picture as a data URL; empty: none" });

const colour = z
  .string()
  .regex(/^(#[0-9a-fA-F]{6})?$/, "must be a colour such as #1a57c2, or empty")
  .default("")
  .meta({ examples: ["#1a57c2"] });

const url = bytes(1024).refine(
  (text) => /^(https?:\/\/|mailto:)\S+$/.test(text) && URL.canParse(text),
  "must be an http, https or mailto address",
);

const texts = inLanguages(
  z.object({
    title: title().default(""),
    intro: bytes(TEXT_BYTES).default(""),
    footer: bytes(TEXT_BYTES).default(""),
  }),
);

/** `POST /status-page`, `PATCH /status-page/{id}` (ours): full replacement; a password that is left out stays. */
export const StatusPageForm = z
  .object({
    slug: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/, "must be 1 to 64 of a-z, 0-9 and - (not at an end)")
      .meta({ description: "Address of the page: `/status/{slug}`", examples: ["main"] }),
    published: flag().meta({ description: "Whether anybody but its owner reads it" }),
    title: title().min(1, "must not be empty"),
    intro: bytes(TEXT_BYTES).default("").meta({ description: "Markdown below the headline" }),
    footer: bytes(TEXT_BYTES).default("").meta({ description: "Markdown at the end" }),
    language: PageLanguage.default("en").meta({ description: "Of the texts above, and for readers whose languages there are none of" }),
    texts: texts.default({}).meta({ description: "Texts in other languages; empty ones are those above" }),
    logo,
    logo_dark: logo.meta({ description: "For dark screens; empty: the same" }),
    accent: colour.meta({ description: "Links and buttons; refused where its contrast is below 4.5:1" }),
    accent_dark: colour.meta({ description: "The same on dark screens" }),
    ground: colour.meta({ description: "Behind everything; refused where texts on it would have a contrast below 4.5:1" }),
    ground_dark: colour.meta({ description: "The same on dark screens" }),
    groups: z.array(PageGroup).max(GROUPS, `must have at most ${GROUPS} entries`).default([]),
    history_days: z.literal([30, 90]).default(90),
    values: z.enum(["states", "latency"]).default("states").meta({ description: "`states`: no figures but availability" }),
    visibility: z
      .enum(["public", "password", "link", "session"])
      .default("public")
      .meta({ description: "`link`: whoever has a share link; `session`: who is signed in at the dashboard" }),
    password: bytes(72).default("").meta({ writeOnly: true, description: "For `password`; empty: the one that is stored" }),
    links: z
      .array(z.object({ title: title().min(1, "must not be empty"), url }))
      .max(10, "must have at most 10 entries")
      .default([]),
    zone: timeZone
      .default("")
      .meta({ description: "Of the times on the page; empty: that of the configuration", examples: ["Europe/Berlin"] }),
    subscribe_email: flag().meta({
      description: "Readers may have mail sent to them; needs a channel (`PATCH /status-page/{id}/delivery`)",
    }),
    subscribe_webhook: flag(),
  })
  .meta({ id: "StatusPageForm" });
export type StatusPageForm = z.output<typeof StatusPageForm>;

/** `GET /status-page` (ours). */
export const StatusPage = StatusPageForm.omit({ password: true })
  .extend({
    id,
    owner_id: count,
    has_password: z.boolean(),
    domain: z.string().meta({ description: "Host name of its own; empty: none" }),
    path: z.string().meta({ examples: ["/status/main"] }),
    indicator: z.enum(["none", "minor", "major", "critical", "maintenance"]).meta({ description: "The worst of what it shows now" }),
    open_incidents: count,
    subscribers: count.meta({ description: "That have confirmed" }),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: "StatusPage" });
export type StatusPage = z.output<typeof StatusPage>;

/** `POST /status-page/preview`. */
export const StatusPagePreviewForm = z
  .object({
    page: StatusPageForm,
    id: rowId.default(0).meta({ description: "The stored page whose incidents are shown; 0: none" }),
    language: PageLanguage,
  })
  .meta({ id: "StatusPagePreviewForm" });
export const StatusPagePreview = z
  .object({ html: z.string().meta({ description: "The whole document, without scripts" }) })
  .meta({ id: "StatusPagePreview" });
export type StatusPagePreview = z.output<typeof StatusPagePreview>;

const target = {
  kind: z.enum(["none", "folder", "s3"]).default("none"),
  folder: bytes(LIMITS.name * 4)
    .default("")
    .meta({ description: "`folder`: an absolute path on the dashboard's machine" }),
  endpoint: bytes(1024)
    .default("")
    .meta({ description: "`s3`", examples: ["https://s3.eu-central-1.amazonaws.com"] }),
  region: characters(64)
    .default("")
    .meta({ examples: ["eu-central-1"] }),
  bucket: characters(LIMITS.name).default(""),
  prefix: characters(LIMITS.name).default("").meta({ description: "Before the name of every file, such as `status/`" }),
  access_key: characters(LIMITS.name).default(""),
};

/** `PATCH /status-page/{id}/delivery` (ours): what reaches beyond the page, so administrators alone set it. Full replacement. */
export const PageDeliveryForm = z
  .object({
    domain: bytes(253)
      .default("")
      .meta({ description: "Host name on which only this page answers", examples: ["status.example.org"] }),
    channel_id: rowId.default(0).meta({ description: "E-mail channel that mail to subscribers goes through; 0: none is sent" }),
    export: z.object({
      ...target,
      secret_key: characters(LIMITS.name).default("").meta({ writeOnly: true, description: "Empty: the one that is stored" }),
    }),
  })
  .meta({ id: "PageDeliveryForm" });
export type PageDeliveryForm = z.output<typeof PageDeliveryForm>;

/** `GET /status-page/{id}/delivery` (ours). */
export const PageDelivery = z
  .object({
    domain: z.string(),
    channel_id: count,
    export: z.object({ ...target, has_secret_key: z.boolean() }),
    exported_at: time.optional().meta({ description: "When all of it was last written" }),
    export_error: z.string().optional().meta({ description: "Why the last attempt failed" }),
    bounce_path: z.string().meta({
      description:
        "Where mail services report addresses that take no mail (`POST`, JSON with `email`, `recipient` or `address`); whoever knows it can end subscriptions",
    }),
  })
  .meta({ id: "PageDelivery" });
export type PageDelivery = z.output<typeof PageDelivery>;
