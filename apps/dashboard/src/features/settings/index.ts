import { Nothing, SettingPatch, SettingView } from "@windfire/api";
import type { FrontendTemplate, SeenHost } from "@windfire/api";
import { adminOnly, AppError, GUEST, refuseText, sessionOptional } from "#kernel";
import type { Caller, FactBus } from "#kernel";
import { route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { Config, ConfigStore, EditableSettings } from "#platform/config";
import { settingView } from "./view.ts";

export interface SettingsDeps {
  readonly config: ConfigStore;
  readonly facts: FactBus;
  readonly version: string;
  readonly nezhaVersion: string;
  readonly historyEnabled: boolean;
  /** Front ends that can be chosen; looked up anew each time, since operators add folders. */
  readonly templates: () => Promise<readonly FrontendTemplate[]>;
  /** Host names that are protected because they were used, by name (spec 30 section 6.1). */
  readonly seenHosts: () => readonly SeenHost[];
  /** Custom code may be large; everything else keeps the ordinary limit. */
  readonly bodyLimit: number;
}

/** The settings that can be changed while the dashboard runs (spec 10 section 14). */
export interface Settings {
  readonly routes: readonly AnyRoute[];
  /** What somebody not signed in would get. */
  guestView(): SettingView;
}

export function createSettings(deps: SettingsDeps): Settings {
  const { config } = deps;
  const tag = "setting";
  const view = (caller: Caller, templates: readonly FrontendTemplate[]): SettingView =>
    settingView(caller, config.current, {
      version: deps.version,
      nezhaVersion: deps.nezhaVersion,
      historyEnabled: deps.historyEnabled,
      templates,
      seenHosts: deps.seenHosts,
    });
  return {
    guestView: () => view(GUEST, []),
    routes: [
      route({
        method: "GET",
        path: "/setting",
        access: sessionOptional(),
        summary: "Settings, as far as the caller may see them",
        tag,
        data: SettingView,
        run: async ({ caller }) => view(caller, await deps.templates()),
      }),
      route({
        method: "PATCH",
        path: "/setting",
        access: adminOnly(),
        summary: "Replace the settings; what is left out becomes empty, except enable_mcp and allow_jwt_ip_change",
        tag,
        body: SettingPatch,
        bodyLimit: deps.bodyLimit,
        data: Nothing,
        stored: () => formOf(config.current),
        run: async ({ body }) => {
          const templates = await deps.templates();
          if (!templates.some(({ path, is_admin }) => path === body.user_template && !is_admin)) throw refuseText("invalid user template");
          const before = config.current;
          const settings = fromForm(body, before);
          await save(config, settings);
          deps.facts.publish("setting.updated", { keys: changedKeys(before, settings) });
          return null;
        },
      }),
    ],
  };
}

/** The texts of the settings as the form spells them. */
function formOf(current: Config) {
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

function fromForm(form: SettingPatch, before: Pick<Config, "allowJwtIpChange" | "enableMcp">): EditableSettings {
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
    ignoredIpNotification: form.ignored_ip_notification.replaceAll(/\s*,\s*/g, ",").trim(),
    tls: form.tls,
    enableIpChangeNotification: form.enable_ip_change_notification,
    enablePlainIpInNotification: form.enable_plain_ip_in_notification,
    ipChangeNotificationGroupId: form.ip_change_notification_group_id,
    cover: form.cover,
    enableMcp: form.enable_mcp ?? before.enableMcp,
    allowJwtIpChange: form.allow_jwt_ip_change ?? before.allowJwtIpChange,
  };
}

async function save(config: ConfigStore, settings: EditableSettings): Promise<void> {
  try {
    await config.save(settings);
  } catch (error) {
    throw new AppError("database error", [], { cause: error });
  }
}

function changedKeys(before: Config, after: EditableSettings): string[] {
  const keys = Object.keys(after) as (keyof EditableSettings)[];
  return keys.filter((key) => before[key] !== after[key]);
}
