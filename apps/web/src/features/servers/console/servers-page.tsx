import { Link } from "@tanstack/react-router";
import { ArrowLeftRight, Eye, EyeOff, FolderTree, KeyRound, Plus, RefreshCw, SlidersHorizontal, Trash2 } from "lucide-react";
import { useCallback, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { BatchAction, BatchBar } from "#shell/console/batch-bar.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useSetting } from "#shell/console/queries.ts";
import { useApp } from "#shell/app-context.tsx";
import { oneOf, useSearchState } from "#shell/navigation.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { RemovableChip } from "#ui/chip.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { SearchField } from "#ui/search-field.tsx";
import { SkeletonRows } from "#ui/skeleton.tsx";
import { useSelection } from "#ui/use-selection.ts";
import type { Selection } from "#ui/use-selection.ts";
import { AddServerDialog } from "./add-server-dialog.tsx";
import { BatchConfigDialog } from "./batch-config-dialog.tsx";
import { BatchGroupDialog, BatchOwnerDialog } from "./batch-dialogs.tsx";
import { DeleteServersDialog } from "./delete-servers-dialog.tsx";
import { ForceUpdateDialog } from "./force-update-dialog.tsx";
import { ColumnPicker, SavedViews, useChosenColumns } from "./list-menus.tsx";
import { useServerColumns } from "./server-columns.tsx";
import type { Action } from "./server-menu.tsx";
import { ServerDrawer } from "./server-drawer.tsx";
import { useVisibility } from "./use-visibility.ts";
import { filterRows, inView, useRows, VIEW_NAMES } from "./server-rows.ts";
import type { ServerRow, ViewName } from "./server-rows.ts";

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
  const onAct = useCallback((kind: Action, row: ServerRow) => setActing({ kind, rows: [row] }), []);
  const [chosenColumns, chooseColumns] = useChosenColumns();
  const columns = useServerColumns({ onOpen, onAct }, chosenColumns);
  const open = rows.find((row) => String(row.server.id) === search["s"]);
  const chosen = shown.filter((row) => selection.has(row.server.id));
  const aside = shown.length === rows.length ? number.count(rows.length) : t("servers.of", { shown: shown.length, total: rows.length });
  return (
    <>
      <PageBar title={t("nav.servers")} aside={aside}>
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
        selection={selection}
        openId={open?.server.id}
        onAdd={() => change({ add: "1" })}
        onShowAll={() => change({ q: "", view: "" })}
      />
      <BatchBar count={chosen.length} onClear={() => selection.setAll([])}>
        <BatchAction icon={FolderTree} label={t("servers.group")} onClick={() => setActing({ kind: "group", rows: chosen })} />
        <Visibility rows={chosen} />
        <BatchAction icon={SlidersHorizontal} label={t("servers.config")} onClick={() => setActing({ kind: "config", rows: chosen })} />
        <BatchAction icon={RefreshCw} label={t("servers.update")} onClick={() => setActing({ kind: "update", rows: chosen })} />
        <BatchAction icon={ArrowLeftRight} label={t("servers.owner")} onClick={() => setActing({ kind: "owner", rows: chosen })} />
        <BatchAction icon={Trash2} tone="danger" label={t("servers.delete")} onClick={() => setActing({ kind: "delete", rows: chosen })} />
      </BatchBar>
      {acting === undefined ? null : <ActionDialog {...acting} onClose={() => setActing(undefined)} />}
      {search["add"] === undefined ? null : (
        <AddServerDialog uuid={search["add"] === "1" ? undefined : search["add"]} onClose={() => change({ add: "" })} />
      )}
      {open === undefined ? null : (
        <ServerDrawer key={open.server.id} row={open} ids={ids} onDelete={() => setActing({ kind: "delete", rows: [open] })} />
      )}
    </>
  );
}

function Visibility({ rows }: { readonly rows: readonly ServerRow[] }) {
  const { t } = useFormats();
  const change = useVisibility();
  const hide = rows.some((row) => row.server.hide_for_guest !== true);
  return (
    <BatchAction icon={hide ? EyeOff : Eye} label={t(hide ? "servers.hide" : "servers.show")} onClick={() => void change(rows, hide)} />
  );
}

function ActionDialog({ kind, ...props }: { readonly kind: Action; readonly rows: readonly ServerRow[]; readonly onClose: () => void }) {
  switch (kind) {
    case "delete":
      return <DeleteServersDialog {...props} />;
    case "update":
      return <ForceUpdateDialog {...props} />;
    case "group":
      return <BatchGroupDialog {...props} />;
    case "owner":
      return <BatchOwnerDialog {...props} />;
    case "config":
      return <BatchConfigDialog {...props} />;
  }
}

interface RowsProps {
  readonly loading: boolean;
  readonly empty: boolean;
  readonly rows: readonly ServerRow[];
  readonly columns: ReturnType<typeof useServerColumns>;
  readonly selection: Selection;
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
    return (
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
      selection={selection}
      openId={openId}
    />
  );
}

function Views({
  rows,
  view,
  onChange,
}: {
  readonly rows: readonly ServerRow[];
  readonly view: ViewName;
  readonly onChange: (view: ViewName) => void;
}) {
  const { t, number } = useFormats();
  const { store } = useApp().live;
  const version = useSetting()?.version;
  return (
    <div role="group" aria-label={t("servers.views")} className="flex gap-1 overflow-x-auto [scrollbar-width:none]">
      {VIEW_NAMES.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === view}
          onClick={() => onChange(name)}
          className="inline-flex min-h-7 items-center gap-1.5 rounded-control px-2.5 text-sm font-medium whitespace-nowrap text-ink-2 hover:bg-sunken aria-pressed:bg-sunken aria-pressed:text-ink dark:hover:bg-line dark:aria-pressed:bg-line"
        >
          {t(`servers.view.${name}`)}
          <span className="text-xs font-normal text-ink-3">
            {number.count(rows.filter((row) => inView(row, name, store.serverNow(), version)).length)}
          </span>
        </button>
      ))}
      <SavedViews />
    </div>
  );
}

function FilterBar({
  query,
  filter,
  onChange,
}: {
  readonly query: string;
  readonly filter: ReturnType<typeof filterRows>;
  readonly onChange: (query: string) => void;
}) {
  const { t } = useFormats();
  const keyed = filter.parts.filter((part) => part.kind !== "word");
  return (
    <div className="grid gap-2">
      <SearchField label={t("servers.filter")} placeholder={t("servers.filterExample")} value={query} onChange={onChange} />
      {keyed.length === 0 ? null : (
        <div className="flex flex-wrap items-center gap-1.5">
          {keyed.map((part) => (
            <RemovableChip
              key={part.text}
              label={part.text}
              wrong={filter.invalid.includes(part)}
              remove={t("servers.removeFilter", { part: part.text })}
              onRemove={() =>
                onChange(
                  filter.parts
                    .filter((other) => other !== part)
                    .map((other) => other.text)
                    .join(" "),
                )
              }
            />
          ))}
          {filter.invalid.length === 0 ? null : <span className="text-sm text-crit-text">{t("servers.filterWrong")}</span>}
        </div>
      )}
    </div>
  );
}
