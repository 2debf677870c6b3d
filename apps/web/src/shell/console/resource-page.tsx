import { Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { Button } from "#ui/button.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { SearchField } from "#ui/search-field.tsx";
import { useSelection } from "#ui/use-selection.ts";
import { useSearchState } from "../navigation.ts";
import { BatchAction, BatchBar } from "./batch-bar.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { LIKE, useCopied, useEdited } from "./edited-row.ts";
import { EDIT } from "./editor-drawer.tsx";
import { ListStates } from "./list-states.tsx";
import { PageBar } from "./page-bar.tsx";
import type { ListRead } from "./queries.ts";
import { useMay } from "./rights.tsx";
import { useColumns } from "./resource-columns.tsx";
import type { Named, RowParts } from "./resource-columns.tsx";
import { PauseAction, usePausing } from "./row-menu.tsx";

export interface EditorPlace<T> {
  /** The row to change; `undefined` for a new one. */
  readonly row: T | undefined;
  /** What a new one begins as: another row, under a name of its own. */
  readonly like: T | undefined;
  readonly onClose: () => void;
}

interface ResourcePageProps<T extends Named> extends RowParts<T> {
  readonly title: string;
  readonly list: ListRead<T>;
  /** More texts that the search looks at, beside the name. */
  readonly words?: (row: T) => string;
  /** Texts of what can be added, and of what is said while there is nothing. */
  readonly texts: { readonly add: string; readonly none: string; readonly noneHelp: string };
  /** What else changes when rows are deleted. */
  readonly deleteHelp?: string;
  /** `POST /batch-delete/<kind>`, and what is read anew afterwards. */
  readonly remove: { readonly path: string; readonly stale: readonly string[] };
  readonly editor: (place: EditorPlace<T>) => ReactNode;
  /** Between the bar and the list: tabs, notes. */
  readonly children?: ReactNode;
}

/** A list of one kind: searched (`?q=`), edited beside the list (`?edit=<id>`, `?edit=new`, `?edit=new&like=<id>`), switched off, deleted one by one or together. */
export function ResourcePage<T extends Named>(props: ResourcePageProps<T>) {
  const { title, list, texts, words, remove } = props;
  const { t, number } = useFormats();
  const may = useMay("change");
  const [search, change] = useSearchState();
  const [deleting, setDeleting] = useState<readonly T[]>();
  const query = search["q"] ?? "";
  const shown = list.rows.filter((row) => matches(query, `${row.name} ${words?.(row) ?? ""}`));
  const selection = useSelection(shown.map((row) => row.id));
  const edit = may ? search[EDIT] : undefined;
  const edited = useEdited(list.rows, edit);
  const like = useCopied(list.rows, edit === "new" ? search[LIKE] : undefined);
  const pause = usePausing(props.pausing);
  const all = useColumns(props, {
    onEdit: may ? (row) => change({ [EDIT]: String(row.id) }, { push: true }) : undefined,
    onDuplicate: (row) => change({ [EDIT]: "new", [LIKE]: String(row.id) }, { push: true }),
    onPause: (row, on) => void pause([row], on),
    onDelete: setDeleting,
  });
  const chosen = shown.filter((row) => selection.has(row.id));
  const columns = may ? all : all.filter(({ key }) => key !== "actions");
  const addButton = (label: ReactNode) =>
    !may ? null : (
      <Button kind="primary" size="small" onClick={() => change({ [EDIT]: "new" }, { push: true })}>
        <Plus className="size-4" aria-hidden="true" />
        {label}
      </Button>
    );
  const close = () => change({ [EDIT]: "", [LIKE]: "", t: "" });
  return (
    <>
      <PageBar title={title} aside={number.count(list.rows.length)}>
        {/* Beside a title a phone has no room for words, which are long in some languages. */}
        {addButton(<span className="max-sm:sr-only">{texts.add}</span>)}
      </PageBar>
      {props.children}
      <ListStates
        loading={list.loading}
        error={list.error}
        empty={list.rows.length === 0}
        none={
          <EmptyState title={texts.none} action={addButton(texts.add)}>
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
            {...(may ? { selection } : {})}
            openId={edited?.id}
          />
        )}
      </ListStates>
      <BatchBar count={selection.ids.length} onClear={() => selection.setAll([])}>
        <PauseAction rows={chosen} pausing={props.pausing} onPause={pause} />
        <BatchAction icon={Trash2} tone="danger" label={t("action.delete")} onClick={() => setDeleting(chosen)} />
      </BatchBar>
      {deleting === undefined ? null : (
        <DeleteDialog rows={deleting} help={props.deleteHelp} {...remove} onClose={() => setDeleting(undefined)} />
      )}
      {edit === "new" ? props.editor({ row: undefined, like, onClose: close }) : null}
      {edited === undefined ? null : props.editor({ row: edited, like: undefined, onClose: close })}
    </>
  );
}

function matches(query: string, text: string): boolean {
  const below = text.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => below.includes(word));
}
