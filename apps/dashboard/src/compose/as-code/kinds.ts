import type { Names } from "./items.ts";
import { PAGE_KINDS } from "./pages.ts";

/** A section of the document; its items are called by their names. */
export const SECTIONS = [
  "settings",
  "users",
  "ddns",
  "servers",
  "server_groups",
  "channels",
  "notification_groups",
  "tasks",
  "services",
  "alert_rules",
  "tunnels",
  "status_pages",
  "page_templates",
] as const;
export type Section = (typeof SECTIONS)[number];

/**
 * A field that names other rows by id. `as`: what it is called in the document. `id`: one; `ids`: a list; `flags`: an object of true by id,
 * a list in the document; `keys`: an object by id, by name in the document.
 */
export interface Link {
  readonly field: string;
  readonly as: string;
  readonly to: Section;
  readonly form: "id" | "ids" | "flags" | "keys";
  /** The field is one of the objects in this list. */
  readonly within?: string;
}

/** A field whose value names other rows in a form of its own. */
export interface Nested {
  readonly field: string;
  /** As it stands in a document. */
  written(value: unknown, names: Names): unknown;
  /** As the API takes it; all names must be known. */
  read(value: unknown, names: Names): unknown;
  /** Names that it uses, with the section they are looked up in. */
  used(value: unknown): readonly { readonly to: Section; readonly name: string }[];
  /** What cannot be read of it. */
  problems(value: unknown): readonly string[];
}

/** How rows of a section come over the API. */
export interface Kind {
  readonly section: Section;
  /** Answers all rows. */
  readonly list: string;
  /** Takes new rows by POST, and changes under `/{id}` by PATCH. */
  readonly path: string;
  readonly nameField: string;
  /** Fields that are kept as they are. */
  readonly fields: readonly string[];
  /** Fields that go in and never come out: they are sent when the document has them, and never compared. */
  readonly secrets: readonly string[];
  readonly links: readonly Link[];
  readonly nested?: readonly Nested[];
  /** A field with a route of its own, `{path}/{id}/{beside}`: GET answers it, PATCH replaces it. */
  readonly beside?: string;
  /** Why rows cannot be made or deleted; left out where they can. */
  readonly fixed?: string;
}

const servers = (field: string, form: Link["form"] = "ids", as = "servers"): Link => ({ field, as, to: "servers", form });
const tasks = (field: string): Link => ({ field, as: field, to: "tasks", form: "ids" });
const group: Link = { field: "notification_group_id", as: "notification_group", to: "notification_groups", form: "id" };

/** In the order in which they are made: what is named comes before what names it. */
export const KINDS: readonly Kind[] = [
  {
    section: "users",
    list: "/user",
    path: "/user",
    nameField: "username",
    fields: ["role", "access"],
    secrets: [],
    links: [],
    fixed: "users are made, and their roles changed, in the console: a password belongs to it",
  },
  {
    section: "ddns",
    list: "/ddns",
    path: "/ddns",
    nameField: "name",
    fields: ["provider", "enable_ipv4", "enable_ipv6", "max_retries", "domains", "access_id", "webhook_method", "webhook_request_type"],
    secrets: ["access_secret", "webhook_url", "webhook_request_body", "webhook_headers"],
    links: [],
  },
  {
    section: "servers",
    list: "/server",
    path: "/server",
    nameField: "name",
    fields: ["note", "public_note", "display_index", "hide_for_guest", "enable_ddns", "tags"],
    secrets: [],
    links: [
      { field: "ddns_profiles", as: "ddns_profiles", to: "ddns", form: "ids" },
      { field: "override_ddns_domains", as: "override_ddns_domains", to: "ddns", form: "keys" },
    ],
    fixed: "a server comes when its agent reports, and goes in the console",
  },
  {
    section: "server_groups",
    list: "/server-group",
    path: "/server-group",
    nameField: "name",
    fields: [],
    secrets: [],
    links: [servers("servers")],
  },
  {
    section: "channels",
    list: "/notification-channel",
    path: "/notification-channel",
    nameField: "name",
    fields: ["kind", "settings", "options", "format_metric_units", "request_method", "request_type", "verify_tls"],
    secrets: ["url", "request_header", "request_body"],
    links: [],
  },
  {
    section: "notification_groups",
    list: "/notification-group",
    path: "/notification-group",
    nameField: "name",
    fields: [],
    secrets: [],
    links: [{ field: "notifications", as: "channels", to: "channels", form: "ids" }],
  },
  {
    section: "tasks",
    list: "/cron",
    path: "/cron",
    nameField: "name",
    fields: ["task_type", "scheduler", "command", "cover", "push_successful", "keep_runs", "keep_output", "tell_missed"],
    secrets: [],
    links: [servers("servers"), group],
  },
  {
    section: "services",
    list: "/service/list",
    path: "/service",
    nameField: "name",
    fields: [
      "type",
      "target",
      "duration",
      "display_index",
      "notify",
      "cover",
      "enable_trigger_task",
      "hide_for_guest",
      "min_latency",
      "max_latency",
      "latency_notify",
      "quorum",
      "retries",
    ],
    secrets: [],
    links: [servers("skip_servers", "flags", "skip_servers"), group, tasks("fail_trigger_tasks"), tasks("recover_trigger_tasks")],
  },
  {
    section: "alert_rules",
    list: "/alert-rule",
    path: "/alert-rule",
    nameField: "name",
    fields: ["enable", "trigger_mode", "severity", "rules"],
    secrets: [],
    links: [
      group,
      tasks("fail_trigger_tasks"),
      tasks("recover_trigger_tasks"),
      { ...servers("ignore", "flags", "ignore"), within: "rules" },
    ],
  },
  {
    section: "tunnels",
    list: "/nat",
    path: "/nat",
    nameField: "name",
    fields: ["enabled", "host", "domain"],
    secrets: [],
    links: [servers("server_id", "id", "server")],
  },
  ...PAGE_KINDS,
];

/** What of the settings is kept: everything that `PATCH /setting` takes. */
export const SETTING_FIELDS = [
  "site_name",
  "language",
  "install_host",
  "dashboard_host",
  "reserved_hosts",
  "tls",
  "custom_code",
  "custom_code_dashboard",
  "user_template",
  "web_real_ip_header",
  "agent_real_ip_header",
  "dns_servers",
  "cover",
  "ignored_ip_notification",
  "enable_ip_change_notification",
  "enable_plain_ip_in_notification",
  "enable_mcp",
  "allow_jwt_ip_change",
  "enrolment_only",
] as const;
export const SETTING_LINKS: readonly Link[] = [
  { field: "ip_change_notification_group_id", as: "ip_change_notification_group", to: "notification_groups", form: "id" },
];
