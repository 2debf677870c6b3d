import type { Incident } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useWrite } from "#shell/console/queries.ts";
import { AreaField } from "#ui/field.tsx";
import { incidentName } from "./incident-words.tsx";

/** Says that somebody has seen it, and perhaps what they do about it. */
export function AcknowledgeDialog({ incident, onClose }: { readonly incident: Incident; readonly onClose: () => void }) {
  const { t } = useFormats();
  const [note, setNote] = useState(incident.note ?? "");
  const send = useWrite(
    (api, body: { note: string }) => api.post(`/incident/${incident.id}/acknowledge`, body),
    ["/incident", `/incident/${incident.id}`],
  );
  return (
    <FormDialog
      title={t("incident.acknowledgeTitle", { name: incidentName(t, incident) })}
      verb={t("incident.acknowledge")}
      run={async () => void (await send.mutateAsync({ note: note.trim() }))}
      onClose={onClose}
    >
      <p className="text-ink-2">{t("incident.acknowledgeHelp")}</p>
      <AreaField
        label={t("incident.note")}
        aside={t("form.optional")}
        help={t("incident.noteHelp")}
        maxLength={1000}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </FormDialog>
  );
}
