import type { Server, TrafficCorrection, TrafficCorrectionForm } from "@windfire/api";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { FieldRow } from "#shell/console/editor-drawer.tsx";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useRead, useWrite } from "#shell/console/queries.ts";
import { Changing } from "#shell/console/rights.tsx";
import { Note } from "#ui/banner.tsx";
import { Button, IconButton } from "#ui/button.tsx";
import { DateTimeField } from "#ui/date-time-field.tsx";
import { TextField } from "#ui/field.tsx";
import { bytesOfGib } from "./correction-values.ts";

const LONGEST_NOTE = 200;

/** What was moved beside what is recorded: it counts in the sums of cycles. */
export function TrafficCorrections({ server }: { readonly server: Server }) {
  const { t, number, time } = useFormats();
  const path = `/server/${server.id}/traffic-correction`;
  const rows = useRead<TrafficCorrection[] | null>(path).data ?? [];
  const [adding, setAdding] = useState(false);
  const remove = useWrite((api, id: number) => api.post("/batch-delete/traffic-correction", [id]), [path]);
  const signed = (bytes: number) => `${bytes < 0 ? "−" : "+"}${number.bytes(Math.abs(bytes))}`;
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <div className="flex items-center justify-between gap-3">
        <h3 className="text-sm font-strong text-ink-2">{t("traffic.title")}</h3>
        <Changing>
          <Button size="small" onClick={() => setAdding(true)}>
            {t("traffic.add")}
          </Button>
        </Changing>
      </div>
      <p className="text-sm text-ink-3">{t("traffic.help")}</p>
      {remove.error === null ? null : (
        <Note state="critical" alert>
          {remove.error.message}
        </Note>
      )}
      {rows.length === 0 ? null : (
        <ul className="wf-card text-sm">
          {rows.map((row) => {
            const at = parseTime(row.at) ?? 0;
            return (
              <li key={row.id} className="flex items-center gap-3 border-b border-line px-4 py-2 last:border-0">
                <span className="grid min-w-0 flex-1">
                  <span className="tabular-nums">
                    ↓ {signed(row.in)} ↑ {signed(row.out)}
                  </span>
                  <span className="truncate text-xs text-ink-3" title={time.full(at)}>
                    {[time.dateTime(at), row.created_by, row.note].filter((part) => part !== "").join(", ")}
                  </span>
                </span>
                <Changing>
                  <IconButton
                    label={t("table.delete", { name: time.dateTime(at) })}
                    disabled={remove.isPending}
                    onClick={() => remove.mutate(row.id)}
                  >
                    <Trash2 className="size-4" aria-hidden="true" />
                  </IconButton>
                </Changing>
              </li>
            );
          })}
        </ul>
      )}
      {adding ? <AddCorrection path={path} onClose={() => setAdding(false)} /> : null}
    </section>
  );
}

function AddCorrection({ path, onClose }: { readonly path: string; readonly onClose: () => void }) {
  const { t } = useFormats();
  const [values, setValues] = useState({ at: "", in: "", out: "", note: "" });
  const [tried, setTried] = useState(false);
  const save = useWrite((api, body: Partial<TrafficCorrectionForm>) => api.post(path, body), [path]);
  const [inbound, out] = [bytesOfGib(values.in), bytesOfGib(values.out)];
  const run = async () => {
    setTried(true);
    if (inbound === undefined || out === undefined || (inbound === 0 && out === 0)) return false;
    const moment = values.at === "" ? {} : { at: values.at };
    await save.mutateAsync({ ...moment, in: inbound, out, note: values.note.trim() });
    return true;
  };
  const wrong = (bytes: number | undefined) => (tried && bytes === undefined ? t("form.number") : undefined);
  const nothing = tried && inbound === 0 && out === 0 ? t("form.required") : undefined;
  const change = (key: keyof typeof values) => (event: { readonly target: { readonly value: string } }) =>
    setValues({ ...values, [key]: event.target.value });
  return (
    <FormDialog title={t("traffic.add")} verb={t("action.save")} run={run} onClose={onClose}>
      <p className="text-ink-2">{t("traffic.help")}</p>
      <FieldRow>
        <TextField
          label={t("traffic.in")}
          value={values.in}
          error={wrong(inbound) ?? nothing}
          inputMode="decimal"
          onChange={change("in")}
        />
        <TextField label={t("traffic.out")} value={values.out} error={wrong(out)} inputMode="decimal" onChange={change("out")} />
      </FieldRow>
      <DateTimeField label={t("traffic.at")} help={t("traffic.atHelp")} value={values.at} onChange={change("at")} />
      <TextField
        label={t("traffic.note")}
        aside={t("form.optional")}
        maxLength={LONGEST_NOTE}
        value={values.note}
        onChange={change("note")}
      />
    </FormDialog>
  );
}
