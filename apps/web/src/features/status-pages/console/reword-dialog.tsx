import type { PageIncident, PageUpdatePatch, StatusPage } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useWrite } from "#shell/console/queries.ts";
import { AreaField } from "#ui/field.tsx";
import { OtherLanguages } from "./other-languages.tsx";

interface DialogProps {
  readonly page: StatusPage;
  readonly incident: PageIncident;
  readonly update: PageIncident["updates"][number];
  readonly onClose: () => void;
}

/** Puts right what was said, in any of its languages; nobody is told again. */
export function RewordDialog({ page, incident, update, onClose }: DialogProps) {
  const { t } = useFormats();
  const [{ text, texts }, setValues] = useState<PageUpdatePatch>({ text: update.text, texts: update.texts });
  const set = (change: Partial<PageUpdatePatch>) => setValues((before) => ({ ...before, ...change }));
  const save = useWrite(
    (api, body: PageUpdatePatch) => api.patch(`/page-incident/${incident.id}/update/${update.id}`, body),
    ["/page-incident", "/status-page"],
  );
  return (
    <FormDialog
      wide
      title={t("statusPages.reword")}
      verb={t("action.save")}
      run={async () => void (await save.mutateAsync({ text, texts }))}
      onClose={onClose}
    >
      <AreaField
        label={t("statusPages.text")}
        help={t("statusPages.markdown")}
        rows={5}
        value={text}
        onChange={(event) => set({ text: event.target.value })}
      />
      <OtherLanguages page={page} text={{ first: text, value: texts, onChange: (next) => set({ texts: next }) }} />
    </FormDialog>
  );
}
