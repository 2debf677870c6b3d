import type { BackupState } from "@windfire/api";
import { Download } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useApp } from "#shell/app-context.tsx";
import { GroupName } from "#shell/console/fields/group-select.tsx";
import { ListStates } from "#shell/console/list-states.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useRead, useWrite } from "#shell/console/queries.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { BackupDialog } from "./backup-dialog.tsx";
import { KeptBackups } from "./kept-backups.tsx";
import { RestoreSection } from "./restore-section.tsx";
import { BackupRuns } from "./backup-runs.tsx";

const LOOK_MS = 3_000;

/** When the installation is backed up, how that went, and what is kept. */
export function Page() {
  const { t } = useFormats();
  const { data: state, isPending, error } = useRead<BackupState>("/backup", undefined, { everyMs: LOOK_MS });
  return (
    <>
      <PageBar title={t("nav.backup")}>{state === undefined ? null : <Actions state={state} />}</PageBar>
      <ListStates loading={isPending} error={error} empty={state === undefined} none={null}>
        {state === undefined ? null : (
          <>
            <Plan state={state} />
            <section className="grid grid-cols-[minmax(0,1fr)] gap-2">
              <h2 className="text-base font-strong">{t("backup.kept")}</h2>
              {state.kept.length === 0 ? (
                <EmptyState title={t("backup.noneKept")}>{t("backup.noneKeptHelp")}</EmptyState>
              ) : (
                <KeptBackups kept={state.kept} />
              )}
            </section>
            <RestoreSection state={state} />
            {state.runs.length === 0 ? null : <BackupRuns runs={state.runs} />}
          </>
        )}
      </ListStates>
    </>
  );
}

function Actions({ state }: { readonly state: BackupState }) {
  const { t } = useFormats();
  const { api } = useApp();
  const [error, setError] = useState<string | undefined>();
  const run = useWrite((client) => client.post("/backup/run"), ["/backup"]);
  const hasPlace = state.to_disk || state.to_s3;
  const download = async () => {
    setError(undefined);
    try {
      // Asks who is there, where that is wanted: the browser, which fetches the file itself, could not.
      await api.post("/backup/download");
      window.location.assign("/api/v1/backup/download");
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  };
  return (
    <>
      {error === undefined ? null : (
        <span role="alert" className="truncate text-sm text-ink-2">
          {error}
        </span>
      )}
      <Button size="small" disabled={state.running} onClick={() => void download()}>
        <Download className="size-4" aria-hidden="true" />
        <span className="max-md:sr-only">{t("backup.download")}</span>
      </Button>
      <Button size="small" kind="primary" disabled={state.running || !hasPlace} onClick={() => run.mutate(undefined)}>
        {state.running ? t("backup.running") : t("backup.now")}
      </Button>
    </>
  );
}

/** What the settings say, in a sentence, and the way to change them. */
function Plan({ state }: { readonly state: BackupState }) {
  const { t, number, time } = useFormats();
  const [editing, setEditing] = useState(false);
  const next = parseTime(state.next_at);
  const [last] = state.runs;
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      {last === undefined || last.error === "" ? null : (
        <Note state="critical" title={t("backup.lastFailed")}>
          {last.error}
        </Note>
      )}
      <dl className="wf-facts wf-card p-5">
        <dt>{t("backup.every")}</dt>
        <dd>
          {t(`backup.everies.${state.every}`)}
          {next === undefined ? null : <span className="ms-2 text-ink-3">{t("backup.next", { time: time.dateTime(next) })}</span>}
        </dd>
        <dt>{t("backup.places")}</dt>
        <dd className="wrap-anywhere">{placesOf(state, t("backup.noPlace"))}</dd>
        <dt>{t("backup.keep")}</dt>
        <dd>{number.count(state.keep)}</dd>
        <dt>{t("backup.encryption")}</dt>
        <dd>{state.passphrase_set ? t("backup.encrypted") : t("backup.plain")}</dd>
        <dt>{t("notify.tell")}</dt>
        <dd>
          <GroupName id={state.notification_group_id} />
        </dd>
        <dt>{t("backup.signer")}</dt>
        <dd className="font-mono text-xs wrap-anywhere">{state.signer}</dd>
      </dl>
      <div>
        <Button size="small" onClick={() => setEditing(true)}>
          {t("backup.change")}
        </Button>
      </div>
      {editing ? <BackupDialog state={state} onClose={() => setEditing(false)} /> : null}
    </section>
  );
}

function placesOf({ to_disk: toDisk, to_s3: toS3, folder, s3 }: BackupState, none: string): string {
  const places = [...(toDisk ? [folder] : []), ...(toS3 && s3 !== undefined ? [`${s3.endpoint}/${s3.bucket}/${s3.prefix}`] : [])];
  return places.length === 0 ? none : places.join(" · ");
}
