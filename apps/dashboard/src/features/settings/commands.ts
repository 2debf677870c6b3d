import type { FrontendTemplate, SettingPatch } from "@windfire/api";
import { USE_PEER_IP } from "#access/protection";
import { AppError, refuseText } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Config, ConfigStore } from "#platform/config";
import type { Database } from "#platform/database";
import type { SettingsKeeper } from "#platform/settings";
import { fromForm } from "./form.ts";

export interface SettingCommandDeps {
  readonly config: Pick<ConfigStore, "current">;
  readonly keeper: Pick<SettingsKeeper, "load" | "save">;
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  /** Front ends that can be chosen; looked up anew each time, since operators add folders. */
  readonly templates: () => Promise<readonly FrontendTemplate[]>;
  /** Whether a host name is that of something else that answers there, such as a status page. */
  readonly isTaken: (host: string) => boolean;
  /** @throws {AppError} unless the caller has just proven who they are */
  readonly requireProof: (caller: Caller) => void;
}

/** Changes settings (spec 10 section 14). */
export function createSettingCommands({ config, keeper, database, audit, templates, requireProof, isTaken }: SettingCommandDeps) {
  const save = (caller: Caller, form: SettingPatch): Promise<void> =>
    database.change(async (tx, changes) => {
      const from = await keeper.load(tx);
      const to = fromForm(form, from);
      const deed = { actor: actorOf(caller), action: "setting.update", kind: "setting", key: "setting" };
      await audit.write(tx, { ...deed, from, to });
      await keeper.save(tx, changes, to);
    });
  return {
    async update(caller: Caller, form: SettingPatch): Promise<void> {
      const choices = await templates();
      if (!choices.some(({ path, is_admin }) => path === form.user_template && !is_admin)) throw refuseText("invalid user template");
      requireHeaderNames(form, config.current);
      requireHost(form, config.current);
      requireFreeHosts(form, config.current, isTaken);
      // Whoever holds a session could take the lock off before they go on.
      if (form.step_up !== undefined && form.step_up !== config.current.stepUp) requireProof(caller);
      try {
        await save(caller, form);
      } catch (error) {
        throw new AppError("database error", [], { cause: error });
      }
    },
  };
}

export type SettingCommands = ReturnType<typeof createSettingCommands>;

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** A value that no header can be called would lock everybody out; what is stored already may be sent back. */
function requireHeaderNames(form: SettingPatch, stored: Config): void {
  for (const [field, value, before] of [
    ["web_real_ip_header", form.web_real_ip_header, stored.webRealIpHeader],
    ["agent_real_ip_header", form.agent_real_ip_header, stored.agentRealIpHeader],
  ] as const) {
    if (value === "" || value === before || value === USE_PEER_IP || TOKEN.test(value)) continue;
    throw refuseText(`${field}: must be the name of a header, or ${USE_PEER_IP}`);
  }
}

/** What browsers call the dashboard: passkeys and providers compare it letter by letter. */
function requireHost({ dashboard_host: host }: SettingPatch, { dashboardHost }: Config): void {
  if (host === "" || host === dashboardHost || isHost(host)) return;
  throw refuseText("dashboard_host: must be a host name, and a port unless it is 443, such as status.example.com or 192.0.2.1:8008");
}

function isHost(text: string): boolean {
  const url = `https://${text}`;
  return URL.canParse(url) && new URL(url).href === `${url.toLowerCase()}/` && new URL(url).username === "";
}

/** Requests at the host of a status page reach that alone: the dashboard would be gone. */
function requireFreeHosts(form: SettingPatch, stored: Config, isTaken: (host: string) => boolean): void {
  for (const [field, value, before] of [
    ["dashboard_host", form.dashboard_host, stored.dashboardHost],
    ["install_host", form.install_host, stored.installHost],
  ] as const) {
    const host = value.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").replace(/[/?#].*/s, "");
    if (value !== before && host !== "" && isTaken(host)) throw refuseText(`${field}: is the domain of a status page`);
  }
}
