import type { ChannelPreview, NotificationKind } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { FieldRow, FormSection } from "#shell/console/editor-drawer.tsx";
import { MessagePreview } from "#shell/console/message-preview.tsx";
import { useWrite } from "#shell/console/queries.ts";
import type { Form } from "#shell/console/use-form.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { AreaField, TextField } from "#ui/field.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { previewOf, SEVERITIES } from "./typed-values.ts";
import type { TypedValues } from "./typed-values.ts";

/** Which messages go through a channel, how many at once, and in what words. */
export function MessageFields({ form, kind }: { readonly form: Form<TypedValues>; readonly kind: NotificationKind }) {
  const { t } = useFormats();
  const { values, set } = form;
  return (
    <FormSection title={t("channels.messages")}>
      <div className="grid gap-1.5">
        <span className="font-medium">{t("channels.least")}</span>
        <Segmented
          label={t("channels.least")}
          className="justify-self-start"
          value={values.least}
          onChange={(least) => set({ least })}
          segments={SEVERITIES.map((value) => ({ value, label: t(`channels.severity.${value}`) }))}
        />
      </div>
      <FieldRow>
        {kind.joins ? <TextField {...form.text("group")} help={t("channels.groupHelp")} inputMode="numeric" /> : null}
        <TextField {...form.text("perMinute")} help={t("channels.perMinuteHelp")} inputMode="numeric" />
      </FieldRow>
      <TextField {...form.text("title")} aside={t("form.optional")} placeholder={kind.usual_title} />
      <AreaField {...form.text("body")} aside={t("form.optional")} placeholder={kind.usual_body} mono rows={4} spellCheck={false} />
      <Preview kind={kind} values={values} />
    </FormSection>
  );
}

/** What the dashboard would write, with invented values. */
function Preview({ kind, values }: { readonly kind: NotificationKind; readonly values: TypedValues }) {
  const { t } = useFormats();
  const { mutate, data, error } = useWrite(
    (api, form: ReturnType<typeof previewOf>) => api.post<ChannelPreview>("/notification-channel/preview", form),
    [],
  );
  return (
    <>
      <Button className="justify-self-start" onClick={() => mutate(previewOf(kind, values))}>
        {t("channels.preview")}
      </Button>
      {error === null ? null : (
        <Note state="critical" alert>
          {error.message}
        </Note>
      )}
      {data === undefined ? null : <MessagePreview title={data.title} text={data.text} />}
    </>
  );
}
