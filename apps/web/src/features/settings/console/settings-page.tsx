import type { SettingPatch, SettingView } from "@windfire/api";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useRead, useWrite } from "#shell/console/queries.ts";
import { FormBar } from "#shell/console/form-bar.tsx";
import { settingPatch } from "#shell/console/setting-patch.ts";
import type { SettingValues } from "#shell/console/setting-patch.ts";
import { useForm } from "#shell/console/use-form.ts";
import { oneOf, useSearchState } from "#shell/navigation.ts";
import { Skeleton } from "#ui/skeleton.tsx";
import { AboutSection } from "./about-section.tsx";
import { AppearanceFields, SiteFields } from "./site-fields.tsx";
import { SETTING_PLACES, SETTING_TABS } from "./setting-places.ts";
import { SettingSearch } from "./setting-search.tsx";
import { AgentFields, NetworkFields } from "./network-fields.tsx";
import { ProviderSection } from "./provider-section.tsx";
import { SignInFields } from "./sign-in-fields.tsx";

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
  const tab = oneOf(search["tab"], SETTING_TABS) ?? "site";
  const stored = useMemo(() => settingPatch(setting.config), [setting]);
  const save = useWrite((api, body: SettingPatch) => api.patch("/setting", body), ["/setting"]);
  const form = useForm<SettingValues>({
    stored,
    source: "/setting",
    labels: useLabels(),
    reveal: (field) => change({ tab: tabOf(field) }),
    check: (values) => ({ site_name: values.site_name.trim() === "" ? t("form.required") : undefined }),
    save: async (values) => void (await save.mutateAsync(values)),
  });
  const fields = { values: form.values, errors: form.errors, set: form.set, setting };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      <SettingSearch />
      <nav aria-label={t("settings.sections")} className="wf-tabs">
        {SETTING_TABS.map((name) => (
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
        {tab === "signIn" ? <SignInFields {...fields} /> : null}
        {tab === "about" ? <AboutSection setting={setting} /> : null}
        <FormBar form={form.bar} />
      </form>
      {tab === "signIn" ? <ProviderSection /> : null}
    </div>
  );
}

/** The address says nothing for the first tab. */
const tabOf = (field: keyof SettingValues) => (SETTING_PLACES[field] === "site" ? "" : SETTING_PLACES[field]);

function useLabels(): Record<keyof SettingValues, string> {
  const { t } = useFormats();
  return Object.fromEntries(Object.keys(SETTING_PLACES).map((field) => [field, t(`settings.field.${field}`)])) as Record<
    keyof SettingValues,
    string
  >;
}
