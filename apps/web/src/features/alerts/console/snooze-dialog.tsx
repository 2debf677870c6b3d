import type { SnoozeForm } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { FieldRow } from "#shell/console/editor-drawer.tsx";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useWrite } from "#shell/console/queries.ts";
import { DateTimeField } from "#ui/date-time-field.tsx";
import { SelectField, TextField } from "#ui/field.tsx";
import { firstWritten, LENGTHS, readSubject, SCOPES, untilOf } from "./snooze-values.ts";
import type { Length, SnoozeScope, Subject } from "./snooze-values.ts";
import { useSubjects } from "./use-subjects.ts";

/** Of what nobody is told, and until when. `subject`: what the address asks for. */
export function SnoozeDialog({ subject, onClose }: { readonly subject: string; readonly onClose: () => void }) {
  const { t, time } = useFormats();
  const { toasts } = useApp();
  const [chosen, setChosen] = useState<Subject>(() => readSubject(subject));
  const [length, setLength] = useState<Length>("1h");
  const [written, setWritten] = useState(() => firstWritten(Date.now()));
  const [note, setNote] = useState("");
  const [tried, setTried] = useState(false);
  const send = useWrite((api, body: SnoozeForm) => api.post("/snooze", body), ["/snooze", "/incident"]);
  const missing = chosen.scope !== "all" && chosen.id === 0;
  const until = untilOf(length, written, { now: Date.now(), wall: time.wall });
  const run = async () => {
    setTried(true);
    const end = untilOf(length, written, { now: Date.now(), wall: time.wall });
    if (missing || end === undefined) return false;
    await send.mutateAsync({ scope: chosen.scope, scope_id: chosen.id, until: new Date(end).toISOString(), note: note.trim() });
    toasts.show({ text: t("snooze.done", { time: time.moment(end, Date.now()) }) });
    return true;
  };
  return (
    <FormDialog title={t("snooze.title")} verb={t("snooze.verb")} run={run} onClose={onClose}>
      <p className="text-ink-2">{t("snooze.help")}</p>
      <SubjectFields chosen={chosen} error={tried && missing ? t("snooze.choose") : undefined} onChange={setChosen} />
      <FieldRow>
        <SelectField
          label={t("snooze.until")}
          help={length === "custom" || until === undefined ? undefined : time.dateTime(until)}
          value={length}
          onChange={(event) => setLength(event.target.value as Length)}
        >
          {LENGTHS.map((name) => (
            <option key={name} value={name}>
              {t(`snooze.length.${name}`)}
            </option>
          ))}
        </SelectField>
        {length === "custom" ? (
          <DateTimeField
            label={t("snooze.time")}
            name="until"
            value={written}
            error={until === undefined ? t("snooze.past") : undefined}
            onChange={(event) => setWritten(event.target.value)}
          />
        ) : null}
      </FieldRow>
      <TextField
        label={t("incident.note")}
        name="note"
        aside={t("form.optional")}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </FormDialog>
  );
}

interface SubjectProps {
  readonly chosen: Subject;
  readonly error: string | undefined;
  readonly onChange: (subject: Subject) => void;
}

function SubjectFields({ chosen, error, onChange }: SubjectProps) {
  const { t } = useFormats();
  const { options } = useSubjects();
  return (
    <FieldRow>
      <SelectField
        label={t("snooze.scope")}
        value={chosen.scope}
        onChange={(event) => onChange({ scope: event.target.value as SnoozeScope, id: 0 })}
      >
        {SCOPES.map((scope) => (
          <option key={scope} value={scope}>
            {t(`snooze.scopes.${scope}`)}
          </option>
        ))}
      </SelectField>
      {chosen.scope === "all" ? null : (
        <SelectField
          label={t("snooze.which")}
          error={error}
          value={String(chosen.id)}
          onChange={(event) => onChange({ ...chosen, id: Number(event.target.value) })}
        >
          <option value="0" disabled>
            {t("snooze.choose")}
          </option>
          {options(chosen.scope).map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
    </FieldRow>
  );
}
