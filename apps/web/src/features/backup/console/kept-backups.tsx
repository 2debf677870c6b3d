import type { BackupCheck, BackupState } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useApp } from "#shell/app-context.tsx";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { CopyField } from "#ui/copy-field.tsx";
import { DataTable } from "#ui/data-table.tsx";
import type { Column } from "#ui/data-table.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { RestoreDialog } from "./restore-dialog.tsx";

type Kept = BackupState["kept"][number];

/** Backups on the dashboard's disk: each can be looked through, and taken away. */
export function KeptBackups({ kept }: { readonly kept: readonly Kept[] }) {
  const { t, number, time } = useFormats();
  const [checking, setChecking] = useState<Kept | undefined>();
  const [restoring, setRestoring] = useState<string | undefined>();
  const { api } = useApp();
  const [error, setError] = useState<string | undefined>();
  const download = async (name: string) => {
    setError(undefined);
    try {
      await api.post("/backup/download");
      window.location.assign(`/api/v1/backup/${name}/file`);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  };
  const columns: Column<Kept>[] = [
    { key: "at", label: t("audit.when"), cell: ({ created_at: at }) => time.dateTime(parseTime(at) ?? 0), sortBy: ({ name }) => name },
    { key: "name", label: t("backup.file"), className: "wide", cell: ({ name }) => <span className="font-mono text-xs">{name}</span> },
    { key: "size", label: t("backup.size"), className: "end", cell: ({ size }) => number.bytes(size), sortBy: ({ size }) => size },
    {
      key: "actions",
      label: "",
      className: "end",
      cell: (backup) => (
        <span className="inline-flex gap-2">
          <Button size="small" aria-label={`${t("backup.check")}: ${backup.name}`} onClick={() => setChecking(backup)}>
            {t("backup.check")}
          </Button>
          <Button size="small" aria-label={`${t("backup.take")}: ${backup.name}`} onClick={() => void download(backup.name)}>
            {t("backup.take")}
          </Button>
          <Button size="small" aria-label={`${t("backup.restoring.title")}: ${backup.name}`} onClick={() => setRestoring(backup.name)}>
            {t("backup.restoring.title")}
          </Button>
        </span>
      ),
    },
  ];
  return (
    <>
      {error === undefined ? null : <Note state="critical">{error}</Note>}
      <DataTable label={t("backup.kept")} columns={columns} rows={kept} rowId={({ name }) => name} rowName={({ name }) => name} />
      {restoring === undefined ? null : <RestoreDialog key={restoring} name={restoring} onClose={() => setRestoring(undefined)} />}
      {checking === undefined ? null : <CheckDialog key={checking.name} name={checking.name} onClose={() => setChecking(undefined)} />}
    </>
  );
}

/** Reads a backup to its end when it is asked to, and says how to restore it. */
function CheckDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const { t, number } = useFormats();
  const { api } = useApp();
  const [state, setState] = useState<"idle" | "busy" | { readonly check: BackupCheck } | { readonly failed: string }>("idle");
  const run = async () => {
    setState("busy");
    try {
      setState({ check: await api.post<BackupCheck>(`/backup/${name}/check`) });
    } catch (failure) {
      setState({ failed: failure instanceof Error ? failure.message : String(failure) });
    }
  };
  const isDone = typeof state === "object";
  return (
    <Dialog
      title={t("backup.checkTitle")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t(isDone ? "action.done" : "action.cancel")}</Button>
          {isDone ? null : (
            <Button kind="primary" disabled={state === "busy"} onClick={() => void run()}>
              {state === "busy" ? t("backup.checking") : t("backup.check")}
            </Button>
          )}
        </>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <p className="font-mono text-xs wrap-anywhere">{name}</p>
        <p className="text-ink-2">{t("backup.checkHelp")}</p>
        {typeof state === "object" && "failed" in state ? <Note state="critical">{state.failed}</Note> : null}
        {typeof state === "object" && "check" in state ? (
          state.check.ok ? (
            <>
              <Note state={state.check.own ? "up" : "warn"} title={t("backup.whole", { size: number.bytes(state.check.bytes) })}>
                {t(state.check.own ? "backup.own" : "backup.foreign", { signer: state.check.signer })}
              </Note>
              <p className="text-ink-2">{t("backup.restoreHelp")}</p>
              <CopyField label={t("backup.restore")} text={state.check.command} />
            </>
          ) : (
            <Note state="critical" title={t("backup.broken")}>
              {state.check.error}
            </Note>
          )
        ) : null}
      </div>
    </Dialog>
  );
}
