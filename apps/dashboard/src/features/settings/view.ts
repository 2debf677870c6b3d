import type { FrontendTemplate, HistoryPause, SeenHost, SettingConfig, SettingView } from "@windfire/api";
import { isAdmin, userOf } from "#kernel";
import type { Caller } from "#kernel";
import type { Config } from "#platform/config";

/** What the settings page needs besides the configuration. */
export interface Surroundings {
  readonly version: string;
  /** Version of the dashboard that this one stands in for. */
  readonly nezhaVersion: string;
  readonly historyEnabled: boolean;
  /** Everybody may read a status page. */
  readonly hasStatusPage: () => boolean;
  readonly templates: readonly FrontendTemplate[];
  readonly seenHosts: () => readonly SeenHost[];
  readonly historyPaused: HistoryPause | undefined;
  /** The dashboards of the installation that are there; undefined where this one is alone. */
  readonly dashboards: () => SettingView["dashboards"];
}

/** `GET /setting` for one caller (spec 10 section 14.1): guests see the site, members how agents connect, administrators everything. */
export function settingView(caller: Caller, config: Config, surroundings: Surroundings): SettingView {
  const admin = isAdmin(caller);
  return {
    config: {
      ...guestFields(config),
      ...(userOf(caller) ? memberFields(config) : {}),
      ...(admin ? adminFields(config, surroundings.templates) : {}),
    },
    ...(admin ? { ...adminSurroundings(surroundings), ...written({ listen_host: config.listenHost }) } : {}),
    ...(surroundings.hasStatusPage() ? { status_page: true } : {}),
    tsdb_enabled: surroundings.historyEnabled,
  };
}

function adminSurroundings({ version, nezhaVersion, templates, seenHosts, historyPaused, ...more }: Surroundings): Partial<SettingView> {
  const dashboards = more.dashboards();
  return {
    version,
    nezha_version: nezhaVersion,
    frontend_templates: [...templates],
    seen_hosts: [...seenHosts()],
    ...(historyPaused === undefined ? {} : { history_paused: historyPaused }),
    ...(dashboards === undefined ? {} : { dashboards }),
  };
}

function guestFields(config: Config): SettingConfig {
  const providers = Object.keys(config.oauth2).toSorted();
  return {
    language: config.language.replaceAll("_", "-"),
    site_name: config.siteName,
    ip_change_notification_group_id: 0,
    cover: 0,
    ...written({ custom_code: config.customCode, custom_code_dashboard: config.customCodeDashboard }),
    ...(providers.length > 0 ? { oauth2_providers: providers } : {}),
  };
}

function memberFields(config: Config): Partial<SettingConfig> {
  return written({ install_host: config.installHost, tls: config.tls });
}

function adminFields(config: Config, templates: readonly FrontendTemplate[]): Partial<SettingConfig> {
  const ignored = Object.fromEntries([...config.ignoredIpNotificationServerIds].map((id) => [String(id), true]));
  return {
    ip_change_notification_group_id: config.ipChangeNotificationGroupId,
    cover: config.cover,
    ...written({
      dashboard_host: config.dashboardHost,
      web_real_ip_header: config.webRealIpHeader,
      agent_real_ip_header: config.agentRealIpHeader,
      user_template: shownTemplate(
        config.userTemplate,
        templates.filter((template) => !template.is_admin),
      ),
      admin_template: shownTemplate(
        config.adminTemplate,
        templates.filter((template) => template.is_admin),
      ),
      reserved_hosts: config.reservedHosts,
      ignored_ip_notification: config.ignoredIpNotification,
      dns_servers: config.dnsServers,
      enable_plain_ip_in_notification: config.enablePlainIpInNotification,
      enable_mcp: config.enableMcp,
      allow_jwt_ip_change: config.allowJwtIpChange,
      enrolment_only: config.enrolmentOnly,
      enable_ip_change_notification: config.enableIpChangeNotification,
    }),
    ...(config.stepUp === "factor" ? {} : { step_up: config.stepUp }),
    ...(Object.keys(ignored).length > 0 ? { ignored_ip_notification_server_ids: ignored } : {}),
  };
}

/** Ours, which is the first of its half, stands in for one whose folder is missing (spec 10 section 14.1). */
function shownTemplate(configured: string, choices: readonly FrontendTemplate[]): string {
  return (choices.find(({ path }) => path === configured) ?? choices[0])?.path ?? configured;
}

/** Without the members that are empty or false. */
function written<T extends Record<string, string | boolean>>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== "" && value !== false)) as Partial<T>;
}
