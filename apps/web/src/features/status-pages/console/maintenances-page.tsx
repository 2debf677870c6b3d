import type { PageMaintenance, StatusPage } from "@windfire/api";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { planText } from "#features/alerts/console/window-text.ts";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { DeleteDialog } from "#shell/console/delete-dialog.tsx";
import { ListStates } from "#shell/console/list-states.tsx";
import { useRead } from "#shell/console/queries.ts";
import { Changing, useMay } from "#shell/console/rights.tsx";
import { useSearchState } from "#shell/navigation.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { Chip } from "#ui/chip.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { EDIT } from "#shell/console/editor-drawer.tsx";
import { MaintenanceEditor } from "./maintenance-editor.tsx";
import { StatusPageFrame } from "./page-frame.tsx";

/** Planned work that a page announces. `?edit=` is the one that is written, or `new`. */
export function Page() {
  const { t } = useFormats();
  const [, change] = useSearchState();
  const add = (
    <Changing>
      <Button kind="primary" size="small" onClick={() => change({ [EDIT]: "new" }, { push: true })}>
        <Plus className="size-4" aria-hidden="true" />
        {t("windows.add")}
      </Button>
    </Changing>
  );
  return <StatusPageFrame actions={() => add}>{(page) => <Maintenances key={page.id} page={page} />}</StatusPageFrame>;
}

function Maintenances({ page }: { readonly page: StatusPage }) {
  const { t } = useFormats();
  const [search, change] = useSearchState();
  const [deleting, setDeleting] = useState<PageMaintenance>();
  const { data, isPending, error } = useRead<PageMaintenance[] | null>("/page-maintenance", { page_id: String(page.id) });
  const rows = data ?? [];
  const edit = useMay("change") ? search[EDIT] : undefined;
  const edited = rows.find(({ id }) => String(id) === edit);
  const close = () => change({ [EDIT]: "" });
  const columns = useColumns({ onEdit: ({ id }) => change({ [EDIT]: String(id) }, { push: true }), onDelete: setDeleting });
  return (
    <>
      <ListStates
        loading={isPending}
        error={error}
        empty={rows.length === 0}
        none={<EmptyState title={t("windows.none")}>{t("statusPages.noWorkHelp")}</EmptyState>}
      >
        <DataTable
          label={t("nav.windows")}
          columns={columns}
          rows={rows}
          rowId={({ id }) => id}
          rowName={({ title }) => title}
          openId={edited?.id}
        />
      </ListStates>
      {edit === "new" ? <MaintenanceEditor page={page} row={undefined} onClose={close} /> : null}
      {edited === undefined ? null : <MaintenanceEditor key={edited.id} page={page} row={edited} onClose={close} />}
      {deleting === undefined ? null : (
        <DeleteDialog
          rows={[{ id: deleting.id, name: deleting.title }]}
          help={t("windows.deleteHelp")}
          path="/batch-delete/page-maintenance"
          stale={["/page-maintenance", "/maintenance-window", "/status-page"]}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </>
  );
}

interface RowVerbs {
  readonly onEdit: (row: PageMaintenance) => void;
  readonly onDelete: (row: PageMaintenance) => void;
}

function useColumns({ onEdit, onDelete }: RowVerbs): Column<PageMaintenance>[] {
  const formats = useFormats();
  const { t, time } = formats;
  return [
    { key: "title", label: t("statusPages.field.title"), cell: (row) => row.title, sortBy: (row) => row.title },
    {
      key: "plan",
      label: t("windows.when"),
      className: "wide",
      cell: (row) => <span className="text-ink-2">{planText(formats, row.plan)}</span>,
    },
    {
      key: "state",
      label: t("alerts.state"),
      cell: (row) => {
        const from = parseTime(row.from);
        if (row.running) return <Chip tone="maint">{t("windows.open")}</Chip>;
        return from === undefined ? <Chip>{t("windows.over")}</Chip> : <span title={time.full(from)}>{time.dateTime(from)}</span>;
      },
      sortBy: (row) => parseTime(row.from) ?? 0,
    },
    {
      key: "actions",
      label: "",
      className: "end",
      cell: (row) => (
        <Changing>
          <span className="inline-flex">
            <IconButton label={t("table.edit", { name: row.title })} onClick={() => onEdit(row)}>
              <Pencil className="size-4" aria-hidden="true" />
            </IconButton>
            <IconButton label={t("table.delete", { name: row.title })} onClick={() => onDelete(row)}>
              <Trash2 className="size-4" aria-hidden="true" />
            </IconButton>
          </span>
        </Changing>
      ),
    },
  ];
}
