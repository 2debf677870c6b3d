import { z } from "zod";
import { MaintenancePlan } from "./incident.ts";
import { count, id, rowId } from "./numbers.ts";
import { inLanguages, PagePartRef } from "./status-page.ts";
import { bytes, characters, flag, instant, time } from "./text.ts";

const TITLE = 200;
const TEXT_BYTES = 16 * 1024;
const AFFECTED = 500;

const title = characters(TITLE).min(1, "must not be empty");
const markdown = bytes(TEXT_BYTES).default("").meta({ description: "Markdown; HTML in it is shown as text" });
const titles = inLanguages(characters(TITLE)).default({}).meta({
  description: "The title in other languages; readers of the rest get the one above",
});
const texts = inLanguages(bytes(TEXT_BYTES)).default({}).meta({
  description: "The text in other languages; readers of the rest get the one above",
});

/** How something is said to be, from the best. */
export const PartState = z.enum(["operational", "maintenance", "degraded", "partial", "down"]);
export type PartState = z.output<typeof PartState>;
export const IncidentStatus = z.enum(["investigating", "identified", "monitoring", "resolved"]);
export type IncidentStatus = z.output<typeof IncidentStatus>;
export const IncidentImpact = z.enum(["none", "minor", "major", "critical"]);
export type IncidentImpact = z.output<typeof IncidentImpact>;

const affected = z
  .array(PagePartRef.extend({ state: PartState }))
  .max(AFFECTED, `must have at most ${AFFECTED} entries`)
  .default([])
  .meta({ description: "Parts of the page, and how they are; all well again once it is resolved" });

const written = { title, titles, impact: IncidentImpact.default("minor"), affected };
const told = flag().meta({ description: "Tell subscribers" });

/** `POST /page-incident` (ours): something that readers of a page are told about. */
export const PageIncidentForm = z
  .object({
    page_id: rowId,
    ...written,
    status: IncidentStatus.default("investigating"),
    text: markdown,
    texts,
    incident_id: rowId.default(0).meta({ description: "The incident of the engine that it began from; 0: none" }),
    started_at: instant.optional().meta({ description: "Left out: now, or when the incident of the engine began" }),
    notify: told,
  })
  .meta({ id: "PageIncidentForm" });
export type PageIncidentForm = z.output<typeof PageIncidentForm>;

/** `PATCH /page-incident/{id}`: what it is called, and what it is about; readers are not told again. */
export const PageIncidentPatch = z.object(written).meta({ id: "PageIncidentPatch" });
export type PageIncidentPatch = z.output<typeof PageIncidentPatch>;

/** `POST /page-incident/{id}/update`: the next thing to say of it. */
export const PageUpdateForm = z
  .object({
    status: IncidentStatus,
    text: markdown,
    texts,
    affected: affected.optional().meta({ description: "Left out: as it was" }),
    notify: told,
  })
  .meta({ id: "PageUpdateForm" });
export type PageUpdateForm = z.output<typeof PageUpdateForm>;

/** `PATCH /page-incident/{id}/update/{update}`: a text put right. */
export const PageUpdatePatch = z.object({ text: markdown, texts }).meta({ id: "PageUpdatePatch" });
export type PageUpdatePatch = z.output<typeof PageUpdatePatch>;

const PageUpdate = z
  .object({
    id,
    at: time,
    status: IncidentStatus,
    text: z.string(),
    html: z.string().meta({ description: "The text as the page shows it, without scripts, pictures and HTML of whoever wrote it" }),
    texts,
  })
  .meta({ id: "PageUpdate" });

/** `GET /page-incident`: newest first. */
export const PageIncident = z
  .object({
    id,
    page_id: count,
    ...written,
    affected: z.array(PagePartRef.extend({ state: PartState })),
    status: IncidentStatus,
    incident_id: count,
    started_at: time,
    resolved_at: time.optional().meta({ description: "Left out while it lasts" }),
    updates: z.array(PageUpdate).meta({ description: "Newest first" }),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: "PageIncident" });
export type PageIncident = z.output<typeof PageIncident>;

/** `GET /page-incident/draft`: what a form starts with for an incident of the engine. */
export const PageIncidentDraft = PageIncidentForm.omit({ notify: true, text: true, texts: true, titles: true })
  .extend({ started_at: time })
  .meta({ id: "PageIncidentDraft" });
export type PageIncidentDraft = z.output<typeof PageIncidentDraft>;

/** `POST /page-maintenance`, `PATCH /page-maintenance/{id}` (ours): planned work that a page announces. */
export const PageMaintenanceForm = z
  .object({
    page_id: rowId,
    title,
    titles,
    text: markdown,
    texts,
    plan: MaintenancePlan,
    affected: z
      .array(PagePartRef)
      .min(1, "must name a part of the page")
      .max(AFFECTED, `must have at most ${AFFECTED} entries`)
      .meta({ description: "Parts of the page that are worked on" }),
    silence: flag().meta({ description: "Nobody is told of incidents of what is worked on while it lasts" }),
    notify: told,
  })
  .meta({ id: "PageMaintenanceForm" });
export type PageMaintenanceForm = z.output<typeof PageMaintenanceForm>;

/** `GET /page-maintenance`. */
export const PageMaintenance = PageMaintenanceForm.omit({ notify: true })
  .extend({
    id,
    affected: z.array(PagePartRef),
    window_id: count.meta({ description: "The maintenance window that was planned with it" }),
    running: z.boolean(),
    from: time.optional().meta({ description: "When it runs, or will run next; left out when it is over" }),
    to: time.optional(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: "PageMaintenance" });
export type PageMaintenance = z.output<typeof PageMaintenance>;

/** `POST /page-template`, `PATCH /page-template/{id}` (ours): what is written often. */
export const PageTemplateForm = z
  .object({
    name: title,
    title: characters(TITLE).default(""),
    titles,
    impact: IncidentImpact.default("minor"),
    status: IncidentStatus,
    text: markdown,
    texts,
  })
  .meta({ id: "PageTemplateForm" });
export type PageTemplateForm = z.output<typeof PageTemplateForm>;
export const PageTemplate = PageTemplateForm.extend({ id }).meta({ id: "PageTemplate" });
export type PageTemplate = z.output<typeof PageTemplate>;

/** `GET /page-subscriber` (ours). */
export const PageSubscriber = z
  .object({
    id,
    page_id: count,
    kind: z.enum(["email", "webhook"]),
    address: z.string(),
    language: z.string(),
    confirmed_at: time.optional().meta({ description: "Left out until the address has said yes; nothing is sent before" }),
    created_at: time,
  })
  .meta({ id: "PageSubscriber" });
export type PageSubscriber = z.output<typeof PageSubscriber>;
