import { Link } from "@tanstack/react-router";
import { KeyRound, Plus } from "lucide-react";
import { useCallback, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useSetting } from "#shell/console/queries.ts";
import { Changing, useMay } from "#shell/console/rights.tsx";
import { useApp } from "#shell/app-context.tsx";
import { oneOf, useSearchState } from "#shell/navigation.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { SkeletonRows } from "#ui/skeleton.tsx";
import { useSelection } from "#ui/use-selection.ts";
import type { Selection } from "#ui/use-selection.ts";
import { AddServerDialog } from "./add-server-dialog.tsx";
import { ColumnPicker, useChosenColumns } from "./list-menus.tsx";
import { useServerColumns } from "./server-columns.tsx";
import type { Action, RowAction } from "./server-menu.tsx";
import { ServerDrawer } from "./server-drawer.tsx";
import { filterRows, inView, useRows, VIEW_NAMES } from "./server-rows.ts";
import type { ServerRow } from "./server-rows.ts";
import { FilterBar, Views } from "./list-filters.tsx";
import { ActionDialog, ServerBatch } from "./server-batch.tsx";
import { useVisibility } from "./use-visibility.ts";

/** All servers of the caller with live values; `?s=` opens one, `?add=1` the way to a new one. */
export function Page() {
  const { t, number } = useFormats();
  const { rows, loading, error } = useRows();
  const { store } = useApp().live;
  const [search, change] = useSearchState();
  const view = oneOf(search["view"], VIEW_NAMES) ?? "all";
  const query = search["q"] ?? "";
  const filter = filterRows(query);
  const version = useSetting()?.version;
  const shown = rows.filter((row) => inView(row, view, store.serverNow(), version) && filter.matches(row));
  const ids = shown.map((row) => row.server.id);
  const selection = useSelection(ids);
  const [acting, setActing] = useState<{ kind: Action; rows: readonly ServerRow[] }>();
  const onOpen = useCallback((id: number) => change({ s: String(id), t: "" }, { push: true }), [change]);
  const onAct = useRowActions(setActing);
  const [chosenColumns, chooseColumns] = useChosenColumns();
  const columns = useServerColumns({ onOpen, onAct }, chosenColumns);
  const may = useMay("change");
  const open = rows.find((row) => String(row.server.id) === search["s"]);
  const chosen = shown.filter((row) => selection.has(row.server.id));
  const aside = shown.length === rows.length ? number.count(rows.length) : t("servers.of", { shown: shown.length, total: rows.length });
  return (
    <>
      <PageBar title={t("nav.servers")} aside={aside}>
        <Changing>
          <Link
            to="/enrolment"
            className="wf-btn"
            data-kind="quiet"
            data-size="small"
            data-shape="icon"
            aria-label={t("nav.credentials")}
            title={t("nav.credentials")}
          >
            <KeyRound className="size-4" aria-hidden="true" />
          </Link>
          <Button kind="primary" size="small" onClick={() => change({ add: "1" })}>
            <Plus className="size-4" aria-hidden="true" />
            {t("servers.add")}
          </Button>
        </Changing>
      </PageBar>
      <Views rows={rows} view={view} onChange={(next) => change({ view: next === "all" ? "" : next })} />
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-2">
        <FilterBar query={query} filter={filter} onChange={(q) => change({ q })} />
        <ColumnPicker columns={chosenColumns} onChange={chooseColumns} />
      </div>
      {error === null ? null : (
        <Note state="critical" title={t("error.list")}>
          {error.message}
        </Note>
      )}
      <Rows
        loading={loading}
        empty={rows.length === 0}
        rows={shown}
        columns={columns}
        selection={may ? selection : undefined}
        openId={open?.server.id}
        onAdd={() => change({ add: "1" })}
        onShowAll={() => change({ q: "", view: "" })}
      />
      <ServerBatch rows={chosen} onAct={(kind) => setActing({ kind, rows: chosen })} onClear={() => selection.setAll([])} />
      {acting === undefined ? null : <ActionDialog {...acting} onClose={() => setActing(undefined)} />}
      {search["add"] === undefined || !may ? null : (
        <AddServerDialog uuid={search["add"] === "1" ? undefined : search["add"]} onClose={() => change({ add: "" })} />
      )}
      {open === undefined ? null : (
        <ServerDrawer key={open.server.id} row={open} ids={ids} onDelete={() => setActing({ kind: "delete", rows: [open] })} />
      )}
    </>
  );
}

/** What is done at once is done; for the rest `ask` opens what asks for more. */
function useRowActions(ask: (act: { kind: Action; rows: readonly ServerRow[] }) => void): (kind: RowAction, row: ServerRow) => void {
  const [, change] = useSearchState();
  const show = useVisibility();
  return useCallback(
    (kind: RowAction, row: ServerRow) => {
      const { id, uuid, hide_for_guest: isHidden } = row.server;
      if (kind === "settings") change({ s: String(id), t: "settings" }, { push: true });
      else if (kind === "install") change({ add: uuid ?? "1" });
      else if (kind === "visibility") void show([row], isHidden !== true);
      else ask({ kind, rows: [row] });
    },
    [change, show, ask],
  );
}

interface RowsProps {
  readonly loading: boolean;
  readonly empty: boolean;
  readonly rows: readonly ServerRow[];
  readonly columns: ReturnType<typeof useServerColumns>;
  /** Left out where nothing can be done with what is chosen. */
  readonly selection: Selection | undefined;
  readonly openId: number | undefined;
  readonly onAdd: () => void;
  readonly onShowAll: () => void;
}

function Rows({ loading, empty, rows, columns, selection, openId, onAdd, onShowAll }: RowsProps) {
  const { t } = useFormats();
  if (loading) return <SkeletonRows label={t("table.loading")} />;
  if (empty) {
    const action = (
      <Button kind="primary" onClick={onAdd}>
        {t("servers.add")}
      </Button>
    );
    return selection === undefined ? (
      <EmptyState title={t("servers.none")}>{t("servers.noneForViewer")}</EmptyState>
    ) : (
      <EmptyState title={t("servers.none")} action={action}>
        {t("servers.noneHelp")}
      </EmptyState>
    );
  }
  if (rows.length === 0)
    return <EmptyState title={t("servers.noMatch")} action={<Button onClick={onShowAll}>{t("servers.showAll")}</Button>} />;
  return (
    <DataTable
      label={t("nav.servers")}
      columns={columns}
      rows={rows}
      rowId={(row) => row.server.id}
      rowName={(row) => row.server.name}
      {...(selection === undefined ? {} : { selection })}
      openId={openId}
    />
  );
}
