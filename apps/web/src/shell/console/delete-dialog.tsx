import { useFormats } from "#lib/formats.ts";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { useWrite } from "./queries.ts";

interface DeleteProps {
  readonly rows: readonly { readonly id: number; readonly name: string }[];
  readonly help: string | undefined;
  readonly path: string;
  readonly stale: readonly string[];
  readonly onClose: () => void;
}

/** Deletes rows of a kind after naming them. */
export function DeleteDialog({ rows, help, path, stale, onClose }: DeleteProps) {
  const { t } = useFormats();
  const count = rows.length;
  const remove = useWrite((api, ids: readonly number[]) => api.post(path, ids), stale);
  return (
    <ConfirmDialog
      title={t("table.deleteTitle", { count })}
      names={rows.map((row) => (row.name === "" ? `#${row.id}` : row.name))}
      verb={t("table.deleteVerb", { count })}
      run={async () => void (await remove.mutateAsync(rows.map((row) => row.id)))}
      onClose={onClose}
    >
      {help}
    </ConfirmDialog>
  );
}
