import type { PageIncident, PageUpdateForm, StatusPage } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useWrite } from "#shell/console/queries.ts";
import { AreaField, SwitchField } from "#ui/field.tsx";
import { AffectedField } from "./affected-field.tsx";
import type { Affected } from "./affected-field.tsx";
import { StatusSelect } from "./choice-fields.tsx";
import { OtherLanguages } from "./other-languages.tsx";
import { TemplateSelect } from "./template-select.tsx";

interface DialogProps {
  readonly page: StatusPage;
  readonly incident: PageIncident;
  readonly onClose: () => void;
}

type Values = Omit<PageUpdateForm, "affected"> & { readonly affected: Affected[] };

/** The next thing to say of an incident: where it has come to, and how its parts are. */
export function UpdateDialog({ page, incident, onClose }: DialogProps) {
  const { t } = useFormats();
  const [values, setValues] = useState<Values>({ status: incident.status, text: "", texts: {}, affected: incident.affected, notify: true });
  const set = (change: Partial<Values>) => setValues((before) => ({ ...before, ...change }));
  const say = useWrite(
    (api, body: PageUpdateForm) => api.post(`/page-incident/${incident.id}/update`, body),
    ["/page-incident", "/status-page"],
  );
  return (
    <FormDialog
      wide
      title={incident.title}
      verb={t("statusPages.publish")}
      run={async () => void (await say.mutateAsync(values))}
      onClose={onClose}
    >
      <TemplateSelect onChoose={({ status, text, texts }) => set({ status, text, texts })} />
      <StatusSelect value={values.status} onChange={(status) => set({ status })} />
      <AreaField
        label={t("statusPages.text")}
        name="text"
        help={t("statusPages.markdown")}
        rows={5}
        value={values.text}
        onChange={(event) => set({ text: event.target.value })}
      />
      <OtherLanguages page={page} text={{ first: values.text, value: values.texts, onChange: (texts) => set({ texts }) }} />
      {values.status === "resolved" ? (
        <p className="text-sm text-ink-2">{t("statusPages.resolvedHelp")}</p>
      ) : (
        <AffectedField page={page} label={t("statusPages.affected")} value={values.affected} onChange={(affected) => set({ affected })} />
      )}
      <SwitchField label={t("statusPages.notify")} checked={values.notify} onChange={(notify) => set({ notify })} />
    </FormDialog>
  );
}
