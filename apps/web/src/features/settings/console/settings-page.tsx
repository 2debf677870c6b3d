import type { SettingPatch, SettingView } from "@windfire/api";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useRead, useWrite } from "#shell/console/queries.ts";
import { useForm } from "#shell/console/use-form.ts";
import { oneOf, useSearchState } from "#shell/navigation.ts";
import { SaveBar } from "#ui/save-bar.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { AboutSection } from "./about-section.tsx";
import { AppearanceFields, SiteFields } from "./site-fields.tsx";
import { AgentFields, NetworkFields } from "./network-fields.tsx";
import { settingValues } from "./setting-values.ts";
import type { SettingValues } from "./setting-values.ts";

const TABS = ["site", "appearance", "agents", "network", "about"] as const;

/** What every group of fields gets. */
export interface SettingFieldsProps {
  readonly values: SettingValues;
  readonly errors: Readonly<Partial<Record<keyof SettingValues, string | undefined>>>;
  readonly set: (change: Partial<SettingValues>) => void;
  readonly setting: SettingView;
}

/** The site's settings: one form over several tabs, saved as a whole. */
export function Page() {
  const { t } = useFormats();
  const setting = useRead<SettingView>("/setting").data;
  return (
    <>
      <PageBar title={t("nav.settings")} />
      {setting === undefined ? <Skeleton className="h-80 max-w-(--form)" /> : <SettingsForm setting={setting} />}
    </>
  );
}

function SettingsForm({ setting }: { readonly setting: SettingView }) {
  const { t } = useFormats();
  const [search, change] = useSearchState();
  const tab = oneOf(search["tab"], TABS) ?? "site";
  const stored = useMemo(() => settingValues(setting.config), [setting]);
  const save = useWrite((api, body: SettingPatch) => api.patch("/setting", body), ["/setting"]);
  const form = useForm<SettingValues>({
    stored,
    labels: useLabels(),
    check: (values) => ({ site_name: values.site_name.trim() === "" ? t("form.required") : undefined }),
    save: async (values) => void (await save.mutateAsync(values)),
  });
  const fields = { values: form.values, errors: form.errors, set: form.set, setting };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      <nav aria-label={t("settings.sections")} className="wf-tabs">
        {TABS.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={name === tab ? "page" : undefined}
            onClick={() => change({ tab: name === "site" ? "" : name })}
          >
            {t(`settings.tab.${name}`)}
          </button>
        ))}
      </nav>
      <form className="grid max-w-(--form) gap-5" onSubmit={form.submit}>
        {tab === "site" ? <SiteFields {...fields} /> : null}
        {tab === "appearance" ? <AppearanceFields {...fields} /> : null}
        {tab === "agents" ? <AgentFields {...fields} /> : null}
        {tab === "network" ? <NetworkFields {...fields} /> : null}
        {tab === "about" ? <AboutSection setting={setting} /> : null}
        <SaveBar {...form.bar} />
      </form>
    </div>
  );
}

const FIELDS: readonly (keyof SettingValues)[] = [
  "site_name",
  "language",
  "user_template",
  "custom_code",
  "custom_code_dashboard",
  "install_host",
  "dashboard_host",
  "reserved_hosts",
  "web_real_ip_header",
  "agent_real_ip_header",
  "dns_servers",
  "ignored_ip_notification",
  "tls",
  "enable_ip_change_notification",
  "enable_plain_ip_in_notification",
  "ip_change_notification_group_id",
  "cover",
  "enable_mcp",
];

function useLabels(): Record<keyof SettingValues, string> {
  const { t } = useFormats();
  return Object.fromEntries(FIELDS.map((field) => [field, t(`settings.field.${field}`)])) as Record<keyof SettingValues, string>;
}
