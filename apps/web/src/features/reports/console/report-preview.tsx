import type { ReportForm, ReportPreview } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useWrite } from "#shell/console/queries.ts";
import type { Form } from "#shell/console/use-form.ts";
import { FormSection } from "#shell/console/editor-drawer.tsx";
import { MessagePreview } from "#shell/console/message-preview.tsx";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { checkReport, writeReport } from "./report-values.ts";
import type { ReportValues } from "./report-values.ts";

/** What the report would say of the last whole period, as it is written in the form now. */
export function ReportPreviewSection({ form }: { readonly form: Form<ReportValues> }) {
  const { t, time } = useFormats();
  const preview = useWrite((api, body: ReportForm) => api.post<ReportPreview>("/report/preview", body), []);
  const { data, error } = preview;
  const ready = Object.keys(checkReport({ ...form.values, name: "x" })).length === 0;
  const body = () => writeReport({ ...form.values, name: form.values.name.trim() === "" ? t("reports.add") : form.values.name });
  return (
    <FormSection title={t("channels.preview")}>
      <Button size="small" className="justify-self-start" disabled={!ready || preview.isPending} onClick={() => preview.mutate(body())}>
        {t("reports.show")}
      </Button>
      {error === null ? null : (
        <Note state="critical" alert>
          {error.message}
        </Note>
      )}
      {data === undefined ? null : (
        <MessagePreview
          title={data.title}
          text={data.text}
          caption={t("windows.say.once", { from: time.dateTime(parseTime(data.from) ?? 0), to: time.dateTime(parseTime(data.to) ?? 0) })}
        />
      )}
    </FormSection>
  );
}
