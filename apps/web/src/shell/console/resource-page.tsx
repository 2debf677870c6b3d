import { Pencil, Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useEffect, useRef, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { Button, IconButton } from "#ui/button.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { SearchField } from "#ui/search-field.tsx";
import { useSelection } from "#ui/use-selection.ts";
import { useSearchState } from "../navigation.ts";
import { BatchAction, BatchBar } from "./batch-bar.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { EDIT } from "./editor-drawer.tsx";
import { ListStates } from "./list-states.tsx";
import { PageBar } from "./page-bar.tsx";
import { useIsViewer } from "./queries.ts";
import type { ListRead } from "./queries.ts";

/** A row that has an id and a name, as every resource of the interface. */
export interface Named {
  readonly id: number;
  readonly name: string;
}

export interface EditorPlace<T> {
  /** The row to change; `undefined` for a new one. */
  readonly row: T | undefined;
  readonly onClose: () => void;
}

interface ResourcePageProps<T extends Named> {
  readonly title: string;
  readonly list: ListRead<T>;
  readonly columns: readonly Column<T>[];
  /** What stands before a name: its state. */
  readonly lead?: (row: T) => ReactNode;
  /** More texts that the search looks at, beside the name. */
  readonly words?: (row: T) => string;
  /** Texts of what can be added, and of what is said while there is nothing. */
  readonly texts: { readonly add: string; readonly none: string; readonly noneHelp: string };
  /** What else changes when rows are deleted. */
  readonly deleteHelp?: string;
  /** `POST /batch-delete/<kind>`, and what is read anew afterwards. */
  readonly remove: { readonly path: string; readonly stale: readonly string[] };
  readonly rowActions?: (row: T) => ReactNode;
  readonly editor: (place: EditorPlace<T>) => ReactNode;
  /** Between the bar and the list: tabs, notes. */
  readonly children?: ReactNode;
}

/** A list of one kind: searched (`?q=`), edited beside the list (`?edit=<id>`, `?edit=new`), deleted one by one or together. */
export function ResourcePage<T extends Named>(props: ResourcePageProps<T>) {
  const { title, list, texts, words, remove } = props;
  const { t, number } = useFormats();
  const viewer = useIsViewer();
  const [search, change] = useSearchState();
  const [deleting, setDeleting] = useState<readonly T[]>();
  const query = search["q"] ?? "";
  const shown = list.rows.filter((row) => matches(query, `${row.name} ${words?.(row) ?? ""}`));
  const selection = useSelection(shown.map((row) => row.id));
  const edited = useEdited(list.rows, search[EDIT]);
  const all = useColumns(props, (row) => change({ [EDIT]: String(row.id) }, { push: true }), setDeleting);
  const columns = viewer ? all.filter(({ key }) => key !== "actions") : all;
  const add = viewer ? null : (
    <Button kind="primary" size="small" onClick={() => change({ [EDIT]: "new" }, { push: true })}>
      <Plus className="size-4" aria-hidden="true" />
      {texts.add}
    </Button>
  );
  const close = () => change({ [EDIT]: "", t: "" });
  return (
    <>
      <PageBar title={title} aside={number.count(list.rows.length)}>
        {add}
      </PageBar>
      {props.children}
      <ListStates
        loading={list.loading}
        error={list.error}
        empty={list.rows.length === 0}
        none={
          <EmptyState title={texts.none} action={add}>
            {texts.noneHelp}
          </EmptyState>
        }
      >
        <SearchField label={t("table.search")} placeholder={t("table.search")} value={query} onChange={(q) => change({ q })} />
        {shown.length === 0 ? (
          <EmptyState title={t("table.noMatch")} action={<Button onClick={() => change({ q: "" })}>{t("table.showAll")}</Button>} />
        ) : (
          <DataTable
            label={title}
            columns={columns}
            rows={shown}
            rowId={(row) => row.id}
            rowName={(row) => row.name}
            {...(viewer ? {} : { selection })}
            openId={edited?.id}
          />
        )}
      </ListStates>
      <BatchBar count={selection.ids.length} onClear={() => selection.setAll([])}>
        <BatchAction
          icon={Trash2}
          tone="danger"
          label={t("action.delete")}
          onClick={() => setDeleting(shown.filter((row) => selection.has(row.id)))}
        />
      </BatchBar>
      {deleting === undefined ? null : (
        <DeleteDialog rows={deleting} help={props.deleteHelp} {...remove} onClose={() => setDeleting(undefined)} />
      )}
      {search[EDIT] === "new" ? props.editor({ row: undefined, onClose: close }) : null}
      {edited === undefined ? null : props.editor({ row: edited, onClose: close })}
    </>
  );
}

/** The row of an editor. One that somebody else has deleted stays, so that its draft does not go without a word: saving says what is. */
function useEdited<T extends Named>(rows: readonly T[], id: string | undefined): T | undefined {
  const isEdited = (row: T | undefined) => row !== undefined && String(row.id) === id;
  const found = rows.find(isEdited);
  const last = useRef(found);
  useEffect(() => {
    if (found !== undefined) last.current = found;
  });
  return found ?? (isEdited(last.current) ? last.current : undefined);
}

function matches(query: string, text: string): boolean {
  const below = text.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => below.includes(word));
}

function useColumns<T extends Named>(
  { columns, lead, rowActions }: ResourcePageProps<T>,
  onEdit: (row: T) => void,
  onDelete: (rows: readonly T[]) => void,
): Column<T>[] {
  const { t } = useFormats();
  return [
    {
      key: "name",
      label: t("form.name"),
      cell: (row) => (
        <span className="flex items-center gap-2">
          {lead?.(row)}
          <button
            type="button"
            className="max-w-64 min-w-0 truncate font-medium hover:underline max-sm:max-w-36"
            onClick={() => onEdit(row)}
          >
            {row.name === "" ? `#${row.id}` : row.name}
          </button>
        </span>
      ),
      sortBy: (row) => row.name,
    },
    ...columns,
    {
      key: "actions",
      label: "",
      className: "end",
      cell: (row) => (
        <span className="inline-flex">
          {rowActions?.(row)}
          <span className="inline-flex max-sm:hidden">
            <IconButton label={t("table.edit", { name: row.name })} onClick={() => onEdit(row)}>
              <Pencil className="size-4" aria-hidden="true" />
            </IconButton>
          </span>
          <IconButton label={t("table.delete", { name: row.name })} onClick={() => onDelete([row])}>
            <Trash2 className="size-4" aria-hidden="true" />
          </IconButton>
        </span>
      ),
    },
  ];
}
