import { useFormats } from "#lib/formats.ts";
import { useWrite } from "#shell/console/queries.ts";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import type { ServerRow } from "./server-rows.ts";

export function DeleteServersDialog({ rows, onClose }: { readonly rows: readonly ServerRow[]; readonly onClose: () => void }) {
  const { t } = useFormats();
  const remove = useWrite((api, ids: readonly number[]) => api.post("/batch-delete/server", ids), ["/server", "/server-group"]);
  const count = rows.length;
  return (
    <ConfirmDialog
      title={t("servers.deleteTitle", { count })}
      names={rows.map((row) => row.server.name)}
      verb={t("servers.deleteVerb", { count })}
      run={async () => void (await remove.mutateAsync(rows.map((row) => row.server.id)))}
      onClose={onClose}
    >
      {t("servers.deleteHelp")}
    </ConfirmDialog>
  );
}
