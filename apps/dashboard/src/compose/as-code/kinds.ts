import type { Kind, Link } from "./kind.ts";
import { PAGE_KINDS } from "./pages.ts";
import { reachedThrough } from "./reached-through.ts";

const servers = (field: string, form: Link["form"] = "ids", as = "servers"): Link => ({ field, as, to: "servers", form });
const tasks = (field: string): Link => ({ field, as: field, to: "tasks", form: "ids" });
const group: Link = { field: "notification_group_id", as: "notification_group", to: "notification_groups", form: "id" };

/** What windows and reports are about. */
const covered: readonly Link[] = [
  servers("servers"),
  { field: "groups", as: "server_groups", to: "server_groups", form: "ids" },
  { field: "services", as: "services", to: "services", form: "ids" },
];

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
    nested: [reachedThrough],
    last: reachedThrough.field,
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
    nested: [reachedThrough],
    last: reachedThrough.field,
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
  {
    section: "maintenance_windows",
    list: "/maintenance-window",
    path: "/maintenance-window",
    nameField: "name",
    fields: ["enable", "plan", "silence"],
    always: ["silence"],
    secrets: [],
    links: covered,
  },
  {
    section: "reports",
    list: "/report",
    path: "/report",
    nameField: "name",
    fields: ["enable", "every", "at", "weekday", "day", "zone", "parts"],
    always: ["weekday"],
    secrets: [],
    links: [group, ...covered],
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
  "step_up",
] as const;
export const SETTING_LINKS: readonly Link[] = [
  { field: "ip_change_notification_group_id", as: "ip_change_notification_group", to: "notification_groups", form: "id" },
];
