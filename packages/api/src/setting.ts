import { z } from "zod";
import { mapById } from "./lists.ts";
import { count, rowId, uint8 } from "./numbers.ts";
import { code, flag, line, name, time } from "./text.ts";

const text = z.string().optional();
const truth = z.boolean().optional();
const stepUp = z.enum(["off", "factor", "all"]).meta({
  description: "Who proves again who they are before what reaches far: nobody, who has a second factor, everybody signed in",
});

/** Spec 10 section 14.1: which fields are there depends on who asks. */
export const SettingConfig = z
  .object({
    language: z.string().meta({ description: "With `-`", examples: ["en-US"] }),
    site_name: z.string(),
    custom_code: text,
    custom_code_dashboard: text,
    oauth2_providers: z.array(z.string()).optional(),
    ip_change_notification_group_id: count,
    cover: uint8.meta({
      description: "Address notifications: 1 all servers except the listed, 2 only the listed; 0 for who may not see it",
    }),
    install_host: text.meta({ description: "Signed-in users" }),
    tls: truth.meta({ description: "Signed-in users: agents connect by TLS" }),
    dashboard_host: text,
    web_real_ip_header: text,
    agent_real_ip_header: text,
    user_template: text,
    admin_template: text,
    reserved_hosts: text,
    ignored_ip_notification: text,
    dns_servers: text,
    enable_plain_ip_in_notification: truth,
    enable_mcp: truth,
    allow_jwt_ip_change: truth,
    enrolment_only: truth.meta({ description: "Agents sign in with credentials of their own alone" }),
    step_up: stepUp.optional(),
    enable_ip_change_notification: truth,
    ignored_ip_notification_server_ids: mapById(z.boolean())
      .optional()
      .meta({ examples: [{ "2": true }] }),
  })
  .meta({ id: "SettingConfig" });
export type SettingConfig = z.output<typeof SettingConfig>;

export const FrontendTemplate = z
  .object({
    path: z.string(),
    name: z.string(),
    repository: z.string(),
    author: z.string(),
    version: z.string(),
    is_admin: truth,
    is_official: truth,
  })
  .meta({ id: "FrontendTemplate" });
export type FrontendTemplate = z.output<typeof FrontendTemplate>;

/** A host name under which the dashboard was reached: no tunnel can have it (spec 30 section 6.1). */
export const SeenHost = z
  .object({
    host: z.string().meta({ examples: ["nz.example.com"] }),
    first_at: time,
    session_at: time.optional().meta({ description: "Last session that was issued on it" }),
    agent_at: time.optional().meta({ description: "Last agent that was let in on it" }),
  })
  .meta({ id: "SeenHost" });
export type SeenHost = z.output<typeof SeenHost>;

/**
 * Why no history is written at present: too little space is left, a write failed, VictoriaMetrics cannot be reached, or refuses
 * the user, password or token that is set.
 */
export const HistoryPause = z
  .object({
    reason: z.enum(["low_space", "disk_full", "unreachable", "refused"]),
    since: time,
    dropped: count.meta({ description: "Samples that were not kept, since the start" }),
  })
  .meta({ id: "HistoryPause" });
export type HistoryPause = z.output<typeof HistoryPause>;

/** `GET /setting`. */
export const SettingView = z
  .object({
    config: SettingConfig,
    version: text.meta({ description: "Administrators: version of this program" }),
    nezha_version: text.meta({
      description: "Administrators: version of the Nezha dashboard that this one stands in for",
    }),
    frontend_templates: z.array(FrontendTemplate).optional().meta({ description: "Administrators" }),
    listen_host: text.meta({
      description: "Administrators: the one address that the dashboard listens on; left out when it is all of them",
    }),
    seen_hosts: z.array(SeenHost).optional().meta({ description: "Administrators" }),
    history_paused: HistoryPause.optional().meta({ description: "Administrators; absent while history is written" }),
    dashboards: z
      .object({
        heard: z.boolean().meta({ description: "Others can be heard" }),
        count: z.int().meta({ description: "With this one" }),
        unheard: z.int().meta({ description: "On the database, and not heard: they stand still, or have another bus" }),
        differing: z.array(z.string()).meta({
          description:
            "Settings that are not the same at all, as the configuration calls them; `clock` where clocks are more than 5 s apart",
        }),
      })
      .optional()
      .meta({ description: "Administrators, where there are several dashboards: those that are there" }),
    status_page: z.boolean().optional().meta({ description: "Everybody may read a status page; `/status` leads to the first" }),
    tsdb_enabled: z.boolean().meta({ description: "History is recorded" }),
  })
  .meta({ id: "SettingView" });
export type SettingView = z.output<typeof SettingView>;

/** `PATCH /setting`: full replacement; only `enable_mcp`, `allow_jwt_ip_change`, `enrolment_only` and `step_up` stay as they are when left out (spec 10 section 14.2). */
export const SettingPatch = z
  .object({
    site_name: name(),
    language: name(),
    user_template: line(),
    custom_code: code(),
    custom_code_dashboard: code(),
    install_host: line(),
    dashboard_host: line(),
    reserved_hosts: line(),
    web_real_ip_header: line(),
    agent_real_ip_header: line(),
    dns_servers: line(),
    ignored_ip_notification: code(),
    tls: flag(),
    enable_ip_change_notification: flag(),
    enable_plain_ip_in_notification: flag(),
    ip_change_notification_group_id: rowId.default(0),
    cover: uint8.default(0),
    enable_mcp: z.boolean().optional(),
    allow_jwt_ip_change: z.boolean().optional().meta({ description: "Sessions outlive a change of the client's address" }),
    enrolment_only: z.boolean().optional().meta({ description: "Secrets that several hosts share let no agent in; their streams end" }),
    step_up: stepUp.optional(),
  })
  .meta({ id: "SettingPatch" });
export type SettingPatch = z.output<typeof SettingPatch>;

const stored = z.string();
/** `GET /setting/form` (ours): the settings as `PATCH /setting` takes them, with what is stored: it may be from before a limit. */
export const SettingForm = SettingPatch.extend({
  site_name: stored,
  language: stored,
  user_template: stored,
  custom_code: stored,
  custom_code_dashboard: stored,
  install_host: stored,
  dashboard_host: stored,
  reserved_hosts: stored,
  web_real_ip_header: stored,
  agent_real_ip_header: stored,
  dns_servers: stored,
  ignored_ip_notification: stored,
}).meta({ id: "SettingForm" });
export type SettingPatchInput = z.input<typeof SettingPatch>;
