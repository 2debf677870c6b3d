import type { PageIncident, PageIncidentDraft, PageIncidentForm, PageIncidentPatch, StatusPage } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { FieldRow } from "#shell/console/editor-drawer.tsx";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useRead, useWrite } from "#shell/console/queries.ts";
import { Note } from "#ui/banner.tsx";
import { AreaField, SwitchField, TextField } from "#ui/field.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { AffectedField } from "./affected-field.tsx";
import { ImpactSelect, StatusSelect } from "./choice-fields.tsx";
import { OtherLanguages } from "./other-languages.tsx";
import type { InLanguages } from "./other-languages.tsx";
import { TemplateSelect } from "./template-select.tsx";

interface DialogProps {
  readonly page: StatusPage;
  /** The one to change; without, one is begun. */
  readonly incident?: PageIncident;
  /** The incident of the engine that it begins from. */
  readonly engineId?: string | undefined;
  readonly onClose: () => void;
}

type Values = Omit<PageIncidentForm, "page_id">;

const STALE = ["/page-incident", "/status-page"];
const NEW: Values = {
  title: "",
  titles: {},
  impact: "minor",
  affected: [],
  status: "investigating",
  text: "",
  texts: {},
  incident_id: 0,
  notify: true,
};

/** Begins an incident of a page, or puts title, impact and parts of one right. */
export function IncidentDialog(props: DialogProps) {
  return props.engineId === undefined ? <Form {...props} from={props.incident ?? NEW} /> : <Drafted {...props} engineId={props.engineId} />;
}

/** With what the engine knows of its incident. */
function Drafted(props: DialogProps & { readonly engineId: string }) {
  const { page, engineId } = props;
  const { data, error } = useRead<PageIncidentDraft>("/page-incident/draft", { page_id: String(page.id), incident_id: engineId });
  if (error !== null) return <Note state="critical">{error.message}</Note>;
  return data === undefined ? <Skeleton className="h-40 w-full" /> : <Form {...props} from={{ ...NEW, ...data }} />;
}

function Form({ page, incident, from, onClose }: DialogProps & { readonly from: Partial<Values> & Pick<Values, "title"> }) {
  const { t } = useFormats();
  const [values, setValues] = useState<Values>({ ...NEW, ...from });
  const [tried, setTried] = useState(false);
  const set = (change: Partial<Values>) => setValues((before) => ({ ...before, ...change }));
  const begin = useWrite((api, body: PageIncidentForm) => api.post("/page-incident", body), STALE);
  const change = useWrite((api, body: PageIncidentPatch) => api.patch(`/page-incident/${incident?.id}`, body), STALE);
  const save = async (): Promise<boolean> => {
    setTried(true);
    const title = values.title.trim();
    if (title === "") return false;
    const { titles, impact, affected } = values;
    if (incident === undefined) await begin.mutateAsync({ ...values, title, page_id: page.id });
    else await change.mutateAsync({ title, titles, impact, affected });
    return true;
  };
  return (
    <FormDialog
      wide
      title={incident === undefined ? t("statusPages.beginIncident") : incident.title}
      verb={incident === undefined ? t("statusPages.publish") : t("action.save")}
      run={save}
      onClose={onClose}
    >
      {incident === undefined ? (
        <TemplateSelect
          onChoose={({ title, titles, impact, status, text, texts }) =>
            set({ ...(title === "" ? {} : { title, titles }), impact, status, text, texts })
          }
        />
      ) : null}
      <TextField
        label={t("statusPages.field.title")}
        name="title"
        value={values.title}
        error={tried && values.title.trim() === "" ? t("form.required") : undefined}
        onChange={(event) => set({ title: event.target.value })}
      />
      <FieldRow>
        <ImpactSelect value={values.impact} onChange={(impact) => set({ impact })} />
        {incident === undefined ? <StatusSelect value={values.status} onChange={(status) => set({ status })} /> : null}
      </FieldRow>
      {incident === undefined ? (
        <AreaField
          label={t("statusPages.text")}
          name="text"
          help={t("statusPages.markdown")}
          rows={5}
          value={values.text}
          onChange={(event) => set({ text: event.target.value })}
        />
      ) : null}
      <OtherLanguages
        page={page}
        title={{ first: values.title, value: values.titles, onChange: (titles) => set({ titles }) }}
        {...(incident === undefined
          ? { text: { first: values.text, value: values.texts, onChange: (texts: InLanguages) => set({ texts }) } }
          : {})}
      />
      <AffectedField page={page} label={t("statusPages.affected")} value={values.affected} onChange={(affected) => set({ affected })} />
      {incident === undefined ? (
        <SwitchField label={t("statusPages.notify")} checked={values.notify} onChange={(notify) => set({ notify })} />
      ) : null}
    </FormDialog>
  );
}
