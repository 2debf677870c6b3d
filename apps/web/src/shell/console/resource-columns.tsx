import { Pencil, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useFormats } from "#lib/formats.ts";
import { IconButton } from "#ui/button.tsx";
import type { Column } from "#ui/data-table.tsx";
import { RowMenu } from "./row-menu.tsx";
import type { Pausing } from "./row-menu.tsx";

/** A row that has an id and a name, as every resource of the interface. */
export interface Named {
  readonly id: number;
  readonly name: string;
}

/** What a row of a kind consists of. */
export interface RowParts<T extends Named> {
  readonly columns: readonly Column<T>[];
  /** What stands before a name: its state. */
  readonly lead?: (row: T) => ReactNode;
  readonly pausing?: Pausing<T>;
  readonly rowActions?: (row: T) => ReactNode;
}

interface RowVerbs<T> {
  /** Without it names are no buttons. */
  readonly onEdit: ((row: T) => void) | undefined;
  readonly onDuplicate: (row: T) => void;
  readonly onPause: (row: T, on: boolean) => void;
  readonly onDelete: (rows: readonly T[]) => void;
}

/** The columns of a list: the name, the own ones, and what can be done with a row. */
export function useColumns<T extends Named>(
  { columns, lead, rowActions, pausing }: RowParts<T>,
  { onEdit, onDuplicate, onPause, onDelete }: RowVerbs<T>,
): Column<T>[] {
  const { t } = useFormats();
  // Beside actions of their own a phone has no room for deleting, which goes into the menu.
  const crowded = rowActions !== undefined;
  return [
    {
      key: "name",
      label: t("form.name"),
      cell: (row) => (
        <span className="flex items-center gap-2">
          {lead?.(row)}
          <RowName row={row} onEdit={onEdit} />
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
            <IconButton data-key="edit" label={t("table.edit", { name: row.name })} onClick={() => onEdit?.(row)}>
              <Pencil className="size-4" aria-hidden="true" />
            </IconButton>
          </span>
          <RowMenu
            name={row.name}
            on={pausing?.isOn(row)}
            onPause={(on) => onPause(row, on)}
            onDuplicate={() => onDuplicate(row)}
            onDelete={crowded ? () => onDelete([row]) : undefined}
          />
          <span className={`inline-flex ${crowded ? "max-sm:hidden" : ""}`}>
            <IconButton label={t("table.delete", { name: row.name })} onClick={() => onDelete([row])}>
              <Trash2 className="size-4" aria-hidden="true" />
            </IconButton>
          </span>
        </span>
      ),
    },
  ];
}

function RowName<T extends Named>({ row, onEdit }: { readonly row: T; readonly onEdit: ((row: T) => void) | undefined }) {
  const name = row.name === "" ? `#${row.id}` : row.name;
  const looks = "max-w-64 min-w-0 truncate font-medium max-sm:max-w-36";
  if (onEdit === undefined) return <span className={looks}>{name}</span>;
  return (
    <button type="button" className={`${looks} hover:underline`} onClick={() => onEdit(row)}>
      {name}
    </button>
  );
}
