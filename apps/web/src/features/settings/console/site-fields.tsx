import { useFormats } from "#lib/formats.ts";
import { LANGUAGES } from "#lib/languages.ts";
import { Note } from "#ui/banner.tsx";
import { AreaField, SelectField, SwitchField, TextField } from "#ui/field.tsx";
import type { SettingFieldsProps } from "./setting-values.ts";

export function SiteFields({ values, errors, set, setting }: SettingFieldsProps) {
  const { t } = useFormats();
  const providers = setting.config.oauth2_providers ?? [];
  return (
    <>
      <TextField
        label={t("settings.field.site_name")}
        value={values.site_name}
        error={errors.site_name}
        onChange={(event) => set({ site_name: event.target.value })}
      />
      <SelectField
        label={t("settings.field.language")}
        help={t("settings.help.language")}
        value={values.language}
        onChange={(event) => set({ language: event.target.value })}
      >
        {[...new Set([values.language, ...LANGUAGES.map((language) => language.tag)])].map((tag) => (
          <option key={tag} value={tag}>
            {nameOf(tag)}
          </option>
        ))}
      </SelectField>
      <TextField
        label={t("settings.field.dashboard_host")}
        help={t("settings.help.dashboard_host")}
        placeholder="status.example.net"
        value={values.dashboard_host}
        onChange={(event) => set({ dashboard_host: event.target.value })}
      />
      {providers.length > 0 && values.dashboard_host === "" ? <Note state="warn">{t("settings.loginsNeedHost")}</Note> : null}
      <SwitchField
        label={t("settings.field.enable_mcp")}
        help={t("settings.help.enable_mcp")}
        checked={values.enable_mcp === true}
        onChange={(enable_mcp) => set({ enable_mcp })}
      />
    </>
  );
}

const nameOf = (tag: string) => LANGUAGES.find((language) => language.tag === tag)?.name ?? tag;

export function AppearanceFields({ values, set, setting }: SettingFieldsProps) {
  const { t } = useFormats();
  const templates = (setting.frontend_templates ?? []).filter((template) => template.is_admin !== true);
  const chosen = templates.find((template) => template.path === values.user_template);
  return (
    <>
      <SelectField
        label={t("settings.field.user_template")}
        help={chosen === undefined ? undefined : t("settings.help.user_template", { author: chosen.author, version: chosen.version })}
        value={values.user_template}
        onChange={(event) => set({ user_template: event.target.value })}
      >
        {templates.map((template) => (
          <option key={template.path} value={template.path}>
            {template.name}
          </option>
        ))}
      </SelectField>
      {chosen === undefined || chosen.is_official === true ? null : <Note state="warn">{t("settings.community")}</Note>}
      <AreaField
        label={t("settings.field.custom_code")}
        help={t("settings.help.custom_code")}
        mono
        rows={10}
        spellCheck={false}
        value={values.custom_code}
        onChange={(event) => set({ custom_code: event.target.value })}
      />
      <AreaField
        label={t("settings.field.custom_code_dashboard")}
        help={t("settings.help.custom_code_dashboard")}
        mono
        rows={6}
        spellCheck={false}
        value={values.custom_code_dashboard}
        onChange={(event) => set({ custom_code_dashboard: event.target.value })}
      />
      <Note state="warn">{t("settings.codeWarning")}</Note>
    </>
  );
}
