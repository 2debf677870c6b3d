import type { DeliveryReport } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import type { ServerRow } from "./server-rows.ts";

/** Tells agents to update now; afterwards says whom the order reached. */
export function ForceUpdateDialog({ rows, onClose }: { readonly rows: readonly ServerRow[]; readonly onClose: () => void }) {
  const { t, list } = useFormats();
  const { api, toasts } = useApp();
  const count = rows.length;
  const names = (ids: readonly number[] = []) => list(rows.filter((row) => ids.includes(row.server.id)).map((row) => row.server.name));
  const run = async () => {
    const report = await api.post<DeliveryReport>(
      "/force-update/server",
      rows.map((row) => row.server.id),
    );
    const missed = [...(report.offline ?? []), ...(report.failure ?? [])];
    const sent = report.success ?? [];
    if (sent.length > 0) toasts.show({ text: t("servers.updateSent", { names: names(sent) }) });
    if (missed.length > 0) toasts.show({ text: t("servers.updateMissed", { names: names(missed) }) });
  };
  return (
    <ConfirmDialog
      title={t("servers.updateTitle", { count })}
      names={rows.map((row) => row.server.name)}
      verb={t("servers.updateVerb", { count })}
      dangerous={false}
      run={run}
      onClose={onClose}
    >
      {t("servers.updateHelp")}
    </ConfirmDialog>
  );
}
