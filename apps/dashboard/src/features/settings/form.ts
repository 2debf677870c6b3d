import type { SettingPatch } from "@windfire/api";
import type { Config, EditableSettings } from "#platform/config";

/** The texts of the settings as the form spells them. */
export function formOf(current: Config) {
  return {
    site_name: current.siteName,
    language: current.language.replaceAll("_", "-"),
    user_template: current.userTemplate,
    custom_code: current.customCode,
    custom_code_dashboard: current.customCodeDashboard,
    install_host: current.installHost,
    dashboard_host: current.dashboardHost,
    reserved_hosts: current.reservedHosts,
    web_real_ip_header: current.webRealIpHeader,
    agent_real_ip_header: current.agentRealIpHeader,
    dns_servers: current.dnsServers,
    ignored_ip_notification: current.ignoredIpNotification,
  };
}

/** All that `PATCH /setting` takes: sent back unchanged it changes nothing. */
export function wholeFormOf(current: Config): SettingPatch {
  return {
    ...formOf(current),
    tls: current.tls,
    enable_ip_change_notification: current.enableIpChangeNotification,
    enable_plain_ip_in_notification: current.enablePlainIpInNotification,
    ip_change_notification_group_id: current.ipChangeNotificationGroupId,
    cover: current.cover,
    enable_mcp: current.enableMcp,
    allow_jwt_ip_change: current.allowJwtIpChange,
    enrolment_only: current.enrolmentOnly,
    step_up: current.stepUp,
  };
}

/** What a form asks for; switches that other clients do not send stay as they are. */
export function fromForm(
  form: SettingPatch,
  before: Pick<EditableSettings, "allowJwtIpChange" | "enableMcp" | "enrolmentOnly" | "stepUp">,
): EditableSettings {
  return {
    siteName: form.site_name,
    language: form.language.replaceAll("-", "_"),
    userTemplate: form.user_template,
    customCode: form.custom_code,
    customCodeDashboard: form.custom_code_dashboard,
    installHost: form.install_host,
    dashboardHost: form.dashboard_host,
    reservedHosts: form.reserved_hosts,
    webRealIpHeader: form.web_real_ip_header,
    agentRealIpHeader: form.agent_real_ip_header,
    dnsServers: form.dns_servers,
    ignoredIpNotification: form.ignored_ip_notification
      .split(",")
      .map((address) => address.trim())
      .join(","),
    tls: form.tls,
    enableIpChangeNotification: form.enable_ip_change_notification,
    enablePlainIpInNotification: form.enable_plain_ip_in_notification,
    ipChangeNotificationGroupId: form.ip_change_notification_group_id,
    cover: form.cover,
    enableMcp: form.enable_mcp ?? before.enableMcp,
    allowJwtIpChange: form.allow_jwt_ip_change ?? before.allowJwtIpChange,
    enrolmentOnly: form.enrolment_only ?? before.enrolmentOnly,
    stepUp: form.step_up ?? before.stepUp,
  };
}
