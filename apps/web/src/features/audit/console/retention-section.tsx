import type { AuditRetention, AuditRetentionForm } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { FieldRow } from "#shell/console/editor-drawer.tsx";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useRead, useWrite } from "#shell/console/queries.ts";
import { Button } from "#ui/button.tsx";
import { TextField } from "#ui/field.tsx";

const LIMITS = { days: [1, 3_650], lines: [1_000, 1_000_000], megabytes: [1, 1_024] } as const;
type Limit = keyof typeof LIMITS;
const NAMES = Object.keys(LIMITS) as Limit[];

/** How long lines are kept, and how many there are. */
export function RetentionSection() {
  const { t, number, time } = useFormats();
  const [editing, setEditing] = useState(false);
  const kept = useRead<AuditRetention>("/audit/retention").data;
  if (kept === undefined) return null;
  const oldest = parseTime(kept.oldest_at);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2">
      <span>{t("audit.kept", { lines: number.count(kept.kept_lines), days: number.count(kept.days) })}</span>
      {oldest === undefined ? null : <span className="text-ink-3">{t("audit.oldest", { time: time.dateTime(oldest) })}</span>}
      <Button size="small" onClick={() => setEditing(true)}>
        {t("audit.change")}
      </Button>
      {editing ? <RetentionDialog kept={kept} onClose={() => setEditing(false)} /> : null}
    </div>
  );
}

function RetentionDialog({ kept, onClose }: { readonly kept: AuditRetention; readonly onClose: () => void }) {
  const { t, number } = useFormats();
  const [values, setValues] = useState<Record<Limit, string>>({
    days: String(kept.days),
    lines: String(kept.lines),
    megabytes: String(kept.megabytes),
  });
  const [tried, setTried] = useState(false);
  const save = useWrite((api, body: AuditRetentionForm) => api.patch("/audit/retention", body), ["/audit", "/audit/retention"]);
  const isWrong = (name: Limit) => {
    const [least, most] = LIMITS[name];
    return !/^\d+$/.test(values[name].trim()) || Number(values[name]) < least || Number(values[name]) > most;
  };
  const run = async () => {
    setTried(true);
    if (NAMES.some(isWrong)) return false;
    await save.mutateAsync({ days: Number(values.days), lines: Number(values.lines), megabytes: Number(values.megabytes) });
    return true;
  };
  return (
    <FormDialog title={t("audit.keep")} verb={t("action.save")} run={run} onClose={onClose}>
      <p className="text-ink-2">{t("audit.keepHelp")}</p>
      <FieldRow>
        {NAMES.map((name) => {
          const [least, most] = LIMITS[name];
          return (
            <TextField
              key={name}
              label={t(`audit.limits.${name}`)}
              inputMode="numeric"
              value={values[name]}
              error={tried && isWrong(name) ? t("config.range", { min: number.count(least), max: number.count(most) }) : undefined}
              onChange={(event) => setValues({ ...values, [name]: event.target.value })}
            />
          );
        })}
      </FieldRow>
    </FormDialog>
  );
}
