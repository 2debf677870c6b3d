import type { ChannelForm, ChannelTestForm, NotificationChannel, NotificationKind } from "@windfire/api";
import type { ReactNode } from "react";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { EditorDrawer, FormSection } from "#shell/console/editor-drawer.tsx";
import { useWrite } from "#shell/console/queries.ts";
import { translated } from "#shell/console/translated.ts";
import { useForm } from "#shell/console/use-form.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { SwitchField, TextField } from "#ui/field.tsx";
import { checkSettings, fieldsOf } from "./kind-fields.ts";
import { MessageFields } from "./message-fields.tsx";
import { SettingFields } from "./setting-fields.tsx";
import { checkTyped, readTyped, writeTyped } from "./typed-values.ts";
import type { TypedValues } from "./typed-values.ts";

const SPELLINGS = { least: "least_severity", group: "group_seconds" } as const;

interface TypedEditorProps {
  readonly kind: NotificationKind;
  readonly row: NotificationChannel | undefined;
  /** What a new one begins as. Its secrets stay with it. */
  readonly like: NotificationChannel | undefined;
  /** Chooses the kind of a new channel. */
  readonly choice: ReactNode;
  readonly onClose: () => void;
}

/** A channel of a kind: what its service has to be told, and which messages it gets. */
export function TypedEditor({ kind, row, like, choice, onClose }: TypedEditorProps) {
  const { t } = useFormats();
  const fields = useMemo(() => fieldsOf(kind), [kind]);
  const stored = useMemo(() => (like === undefined ? readTyped(kind, row) : { ...readTyped(kind, like), test: true }), [kind, row, like]);
  const kept = row?.secrets ?? [];
  const save = useWrite(
    (api, body: ChannelForm) =>
      row === undefined ? api.post("/notification-channel", body) : api.patch(`/notification-channel/${row.id}`, body),
    ["/notification", "/notification-channel"],
  );
  const form = useForm<TypedValues>({
    stored,
    source: "/notification-channel",
    spellings: SPELLINGS,
    labels: useLabels(),
    fresh: row === undefined,
    check: (values) => translated(t, checkTyped(kind, values, kept)),
    save: async (values) => void (await save.mutateAsync(writeTyped(kind, values))),
    onSaved: onClose,
  });
  const { values, errors } = form;
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
      </FormSection>
      <FormSection title={kind.name}>
        <SettingFields
          fields={fields}
          values={values.settings}
          errors={errors.settings === undefined ? {} : checkSettings(fields, values.settings, kept)}
          kept={kept}
          onChange={(settings) => form.set({ settings })}
        />
        <Trial id={row?.id} form={writeTyped(kind, values)} />
      </FormSection>
      <MessageFields form={form} kind={kind} />
      <FormSection>
        <SwitchField {...form.toggle("units")} help={t("channels.unitsHelp")} />
        <SwitchField {...form.toggle("test")} help={t("channels.testHelp")} />
      </FormSection>
    </EditorDrawer>
  );
}

/** Sends a test through the form as it is; nothing is saved. */
function Trial({ id, form }: { readonly id: number | undefined; readonly form: ChannelForm }) {
  const { t } = useFormats();
  const { mutate, isPending, isSuccess, error } = useWrite(
    (api, body: ChannelTestForm) => api.post("/notification-channel/test", body),
    ["/delivery"],
  );
  const { skip_check: _, ...tried } = form;
  return (
    <>
      <Button className="justify-self-start" disabled={isPending} onClick={() => mutate({ ...tried, ...(id === undefined ? {} : { id }) })}>
        {t("channels.sendTest")}
      </Button>
      {isSuccess ? <Note state="up">{t("channels.testTaken")}</Note> : null}
      {error === null ? null : (
        <Note state="critical" alert>
          {error.message}
        </Note>
      )}
    </>
  );
}

function useLabels(): Record<keyof TypedValues, string> {
  const { t } = useFormats();
  return {
    name: t("form.name"),
    settings: t("channels.settings"),
    least: t("channels.least"),
    group: t("channels.group"),
    perMinute: t("channels.perMinute"),
    title: t("channels.messageTitle"),
    body: t("channels.messageBody"),
    units: t("channels.units"),
    test: t("channels.test"),
  };
}
