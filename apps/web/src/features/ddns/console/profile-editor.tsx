import type { DdnsFormInput, DdnsProfile } from "@windfire/api";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { EditorDrawer, FormSection } from "#shell/console/editor-drawer.tsx";
import { useList, useWrite } from "#shell/console/queries.ts";
import type { EditorPlace } from "#shell/console/resource-page.tsx";
import { translated } from "#shell/console/translated.ts";
import { useForm } from "#shell/console/use-form.ts";
import type { Form } from "#shell/console/use-form.ts";
import { AreaField, SelectField, SwitchField, TextField } from "#ui/field.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { DdnsRecords } from "./ddns-records.tsx";
import { checkProfile, fieldsOf, METHODS, readProfile, TOGETHER, TYPES, writeProfile } from "./profile-values.ts";
import type { ProfileValues } from "./profile-values.ts";

const SPELLINGS = {
  retries: /^(max_retries: |the retry count )/,
  id: "access_id",
  secret: "access_secret",
  url: "webhook_url",
  headers: "webhook_headers",
  body: "webhook_request_body",
} as const;

/** Where records are kept, and which. Only the fields that the provider asks for are shown. */
export function ProfileEditor({ row, like, onClose }: EditorPlace<DdnsProfile>) {
  const { t } = useFormats();
  const providers = useList("/ddns/providers").rows;
  const save = useWrite(
    (api, body: DdnsFormInput) => (row === undefined ? api.post("/ddns", body) : api.patch(`/ddns/${row.id}`, body)),
    ["/ddns"],
  );
  const stored = useMemo(() => readProfile(row ?? like), [row, like]);
  const form = useForm<ProfileValues>({
    stored,
    source: "/ddns",
    spellings: SPELLINGS,
    labels: useLabels(),
    fresh: row === undefined,
    together: TOGETHER,
    check: (values) => translated(t, checkProfile(values, row === undefined ? undefined : stored)),
    save: async (values) => void (await save.mutateAsync(writeProfile(values))),
    onSaved: onClose,
  });
  const { values } = form;
  return (
    <EditorDrawer
      title={row === undefined ? t("ddns.add") : t("ddns.title", { name: row.name })}
      verb={row === undefined ? t("action.create") : t("action.save")}
      form={form}
      onClose={onClose}
    >
      {row === undefined ? null : <DdnsRecords id={row.id} />}
      <FormSection>
        <TextField {...form.text("name")} />
        <SelectField label={t("ddns.provider")} value={values.provider} onChange={(event) => form.set({ provider: event.target.value })}>
          {[...new Set([values.provider, ...providers])].map((name) => (
            <option key={name} value={name}>
              {t(`ddns.providers.${name}`, { defaultValue: name })}
            </option>
          ))}
        </SelectField>
      </FormSection>
      <AccessFields form={form} stored={row !== undefined && stored.provider === values.provider} />
      <FormSection title={t("ddns.records")}>
        <AreaField {...form.text("domains")} help={t("ddns.domainsHelp")} rows={3} spellCheck={false} autoCapitalize="none" />
        <SwitchField {...form.toggle("ipv4")} />
        <SwitchField {...form.toggle("ipv6")} />
        <TextField {...form.text("retries")} inputMode="numeric" />
      </FormSection>
    </EditorDrawer>
  );
}

function AccessFields({ form, stored }: { readonly form: Form<ProfileValues>; readonly stored: boolean }) {
  const { t } = useFormats();
  const fields = fieldsOf(form.values.provider);
  const keep = stored ? t("ddns.keep") : undefined;
  if (!fields.id && fields.secret === undefined) return null;
  return (
    <>
      <FormSection title={t("ddns.access")}>
        {fields.id ? <TextField {...form.text("id")} autoComplete="off" spellCheck={false} /> : null}
        {fields.secret === undefined ? null : (
          <TextField {...form.text("secret")} label={t(fields.secret)} help={keep} type="password" autoComplete="new-password" />
        )}
      </FormSection>
      {fields.webhook ? (
        <FormSection title={t("ddns.request")}>
          <TextField {...form.text("url")} help={keep} placeholder="https://dns.example.com/#domain#" inputMode="url" spellCheck={false} />
          <div className="flex flex-wrap gap-3">
            <Segmented
              label={t("ddns.method")}
              value={form.values.method}
              onChange={(method) => form.set({ method })}
              segments={METHODS.map((value) => ({ value, label: value }))}
            />
            <Segmented
              label={t("ddns.type")}
              value={form.values.type}
              onChange={(type) => form.set({ type })}
              segments={TYPES.map((value) => ({ value, label: t(`channels.${value}`) }))}
            />
          </div>
          <AreaField {...form.text("headers")} help={keep} mono rows={2} spellCheck={false} />
          <AreaField {...form.text("body")} help={`${keep ?? ""} ${t("ddns.bodyHelp")}`} mono rows={3} spellCheck={false} />
        </FormSection>
      ) : null}
    </>
  );
}

function useLabels(): Record<keyof ProfileValues, string> {
  const { t } = useFormats();
  return {
    name: t("form.name"),
    provider: t("ddns.provider"),
    domains: t("ddns.domains"),
    ipv4: t("ddns.ipv4"),
    ipv6: t("ddns.ipv6"),
    retries: t("ddns.retries"),
    id: t("ddns.id"),
    secret: t("ddns.secret"),
    url: t("ddns.url"),
    method: t("ddns.method"),
    type: t("ddns.type"),
    headers: t("ddns.headers"),
    body: t("ddns.body"),
  };
}
