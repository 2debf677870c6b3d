import type { CronCancelled, CronRunDetail } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { useWrite } from "#shell/console/queries.ts";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";

interface CancelProps {
  readonly run: CronRunDetail;
  readonly servers: readonly number[];
  readonly onClose: () => void;
}

/** Ends a run on some servers, and says where the command goes on all the same. */
export function CancelRunDialog({ run, servers, onClose }: CancelProps) {
  const { t, list } = useFormats();
  const { toasts } = useApp();
  const results = run.results.filter(({ server_id }) => servers.includes(server_id));
  const deaf = results.filter(({ can_stop }) => !can_stop).map(({ server_name }) => server_name);
  const cancel = useWrite(
    (api, ids: readonly number[]) => api.post<CronCancelled>(`/cron-run/${run.id}/cancel`, { servers: ids }),
    [`/cron-run/${run.id}`, "/cron-run"],
  );
  return (
    <ConfirmDialog
      title={t("runs.cancelTitle")}
      names={results.map(({ server_name }) => server_name)}
      verb={t(deaf.length === results.length ? "runs.unwatch" : "runs.stop")}
      run={async () => {
        const { stopped } = await cancel.mutateAsync(servers);
        if (stopped.length > 0) toasts.show({ text: t("runs.stopped", { count: stopped.length }) });
      }}
      onClose={onClose}
    >
      {deaf.length === 0 ? t("runs.cancelHelp") : t("runs.goesOn", { names: list(deaf) })}
    </ConfirmDialog>
  );
}
