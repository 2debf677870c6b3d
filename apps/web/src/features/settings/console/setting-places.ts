import type { SettingValues } from "#shell/console/setting-patch.ts";

export const SETTING_TABS = ["site", "appearance", "agents", "network", "signIn", "about"] as const;

type Tab = (typeof SETTING_TABS)[number];

/** Where each field stands, in the order of the form. */
export const SETTING_PLACES: Readonly<Record<keyof SettingValues, Tab>> = {
  site_name: "site",
  language: "site",
  dashboard_host: "site",
  enable_mcp: "site",
  user_template: "appearance",
  custom_code: "appearance",
  custom_code_dashboard: "appearance",
  install_host: "agents",
  tls: "agents",
  enrolment_only: "agents",
  agent_real_ip_header: "agents",
  enable_ip_change_notification: "agents",
  ip_change_notification_group_id: "agents",
  cover: "agents",
  ignored_ip_notification: "agents",
  enable_plain_ip_in_notification: "agents",
  web_real_ip_header: "network",
  reserved_hosts: "network",
  dns_servers: "network",
  step_up: "signIn",
  allow_jwt_ip_change: "signIn",
};
