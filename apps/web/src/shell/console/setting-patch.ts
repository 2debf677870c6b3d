import type { SettingConfig, SettingPatch } from "@windfire/api";

/** What can be changed by `PATCH /setting`. Everything is sent: what is left out would become empty (spec 10 section 14.2). */
export type SettingValues = Required<SettingPatch>;

/** A stored 0 means the same as 1 (spec 10 section 14.2). */
const ALL_BUT_LISTED = 1;

export function settingPatch(config: SettingConfig): SettingValues {
  return {
    site_name: config.site_name,
    language: config.language,
    user_template: config.user_template ?? "",
    custom_code: config.custom_code ?? "",
    custom_code_dashboard: config.custom_code_dashboard ?? "",
    install_host: config.install_host ?? "",
    dashboard_host: config.dashboard_host ?? "",
    reserved_hosts: config.reserved_hosts ?? "",
    web_real_ip_header: config.web_real_ip_header ?? "",
    agent_real_ip_header: config.agent_real_ip_header ?? "",
    dns_servers: config.dns_servers ?? "",
    ignored_ip_notification: config.ignored_ip_notification ?? "",
    tls: config.tls ?? false,
    enable_ip_change_notification: config.enable_ip_change_notification ?? false,
    enable_plain_ip_in_notification: config.enable_plain_ip_in_notification ?? false,
    ip_change_notification_group_id: config.ip_change_notification_group_id,
    cover: config.cover === 0 ? ALL_BUT_LISTED : config.cover,
    enable_mcp: config.enable_mcp ?? false,
    allow_jwt_ip_change: config.allow_jwt_ip_change ?? false,
    enrolment_only: config.enrolment_only ?? false,
    step_up: config.step_up ?? "factor",
  };
}
