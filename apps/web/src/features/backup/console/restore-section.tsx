import type { BackupState } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { RestoreDialog } from "./restore-dialog.tsx";

/** How the last restore ended, what lies ready, and the way to begin one. */
export function RestoreSection({ state }: { readonly state: BackupState }) {
  const { t } = useFormats();
  const [isOpen, setOpen] = useState(false);
  const { last_restore: last, prepared } = state;
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <h2 className="text-base font-strong">{t("backup.restoring.title")}</h2>
      <p className="text-ink-2">{t("backup.restoring.intro")}</p>
      {last === undefined ? null : <LastRestore last={last} />}
      {prepared === undefined ? (
        <div>
          <Button size="small" onClick={() => setOpen(true)}>
            {t("backup.restoring.fromFile")}
          </Button>
        </div>
      ) : (
        <Note
          state="warn"
          action={
            <Button size="small" onClick={() => setOpen(true)}>
              {t("backup.restoring.goOn")}
            </Button>
          }
        >
          {t("backup.restoring.pending")}
        </Note>
      )}
      {isOpen ? <RestoreDialog prepared={prepared} onClose={() => setOpen(false)} /> : null}
    </section>
  );
}

function LastRestore({ last }: { readonly last: NonNullable<BackupState["last_restore"]> }) {
  const { t, time } = useFormats();
  const at = time.dateTime(parseTime(last.at) ?? 0);
  if (last.error !== "") {
    return (
      <Note state="critical" title={t("backup.restoring.takenBack", { time: at })}>
        {last.error}
      </Note>
    );
  }
  const made = time.dateTime(parseTime(last.created_at) ?? 0);
  return <Note state="up">{t("backup.restoring.done", { time: at, made, folder: last.kept_in })}</Note>;
}
