import type { Notification, NotificationFormInput } from "@windfire/api";
import type { ReactNode } from "react";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { EditorDrawer, FormSection } from "#shell/console/editor-drawer.tsx";
import { useWrite } from "#shell/console/queries.ts";
import type { EditorPlace } from "#shell/console/resource-page.tsx";
import { translated } from "#shell/console/translated.ts";
import { useForm } from "#shell/console/use-form.ts";
import type { Form } from "#shell/console/use-form.ts";
import { AreaField, SwitchField, TextField } from "#ui/field.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { checkChannel, METHODS, PLAIN_BODY, readChannel, TYPES, writeChannel } from "./channel-values.ts";
import type { ChannelValues } from "./channel-values.ts";
import { PlaceholderList } from "./placeholder-list.tsx";

const SPELLINGS = {
  url: /^(url: |HTTP URL )/,
  header: "request_header",
  body: "request_body",
} as const;

interface ChannelEditorProps extends EditorPlace<Notification> {
  /** Chooses the kind of a new channel. */
  readonly choice: ReactNode;
}

/** A plain webhook. What is stored of it is never shown again; empty fields keep it, and a copy asks for them. */
export function ChannelEditor({ row, like, choice, onClose }: ChannelEditorProps) {
  const { t } = useFormats();
  const save = useWrite(
    (api, body: NotificationFormInput) =>
      row === undefined ? api.post("/notification", body) : api.patch(`/notification/${row.id}`, body),
    ["/notification", "/notification-channel"],
  );
  const stored = useMemo(
    () => (like === undefined ? readChannel(row) : { ...readChannel(like), body: PLAIN_BODY, test: true }),
    [row, like],
  );
  const form = useForm<ChannelValues>({
    stored,
    source: "/notification-channel",
    spellings: SPELLINGS,
    labels: {
      name: t("form.name"),
      url: t("channels.url"),
      method: t("channels.method"),
      type: t("channels.type"),
      header: t("channels.header"),
      body: t("channels.body"),
      verify: t("channels.verify"),
      units: t("channels.units"),
      test: t("channels.test"),
    },
    fresh: row === undefined,
    check: (values) => translated(t, checkChannel(values)),
    save: async (values) => void (await save.mutateAsync(writeChannel(values))),
    onSaved: onClose,
  });
  return (
    <EditorDrawer
      title={row === undefined ? t("channels.add") : t("channels.title", { name: row.name })}
      verb={row === undefined ? t("action.create") : t("action.save")}
      form={form}
      onClose={onClose}
    >
      <FormSection>
        {choice}
        <TextField {...form.text("name")} />
        <TextField
          {...form.text("url")}
          help={row === undefined ? undefined : `${t("channels.urlKeep")} ${t("channels.newAddress")}`}
          placeholder="https://hooks.example.com/…"
          inputMode="url"
          autoCapitalize="none"
          spellCheck={false}
        />
      </FormSection>
      <RequestFields form={form} stored={row !== undefined} />
      <FormSection>
        <SwitchField {...form.toggle("verify")} />
        <SwitchField {...form.toggle("units")} help={t("channels.unitsHelp")} />
        <SwitchField {...form.toggle("test")} help={t("channels.testHelp")} />
      </FormSection>
    </EditorDrawer>
  );
}

function RequestFields({ form, stored }: { readonly form: Form<ChannelValues>; readonly stored: boolean }) {
  const { t } = useFormats();
  const { values, set } = form;
  const keep = stored ? `${t("channels.urlKeep")} ` : "";
  return (
    <FormSection title={t("channels.request")}>
      <div className="flex flex-wrap gap-3">
        <Segmented
          label={t("channels.method")}
          value={values.method}
          onChange={(method) => set({ method })}
          segments={METHODS.map((value) => ({ value, label: value }))}
        />
        {values.method === "POST" ? (
          <Segmented
            label={t("channels.type")}
            value={values.type}
            onChange={(type) => set({ type })}
            segments={TYPES.map((value) => ({ value, label: t(`channels.${value}`) }))}
          />
        ) : null}
      </div>
      <AreaField {...form.text("header")} help={`${keep}${t("channels.headerHelp")}`} mono rows={2} spellCheck={false} />
      {values.method === "POST" ? (
        <AreaField
          {...form.text("body")}
          help={`${keep}${t("channels.bodyHelp")}`}
          mono
          rows={5}
          spellCheck={false}
          placeholder={PLAIN_BODY}
        />
      ) : null}
      <PlaceholderList
        onInsert={(name) => (values.method === "POST" ? set({ body: values.body + name }) : set({ url: values.url + encodeURI(name) }))}
      />
    </FormSection>
  );
}
