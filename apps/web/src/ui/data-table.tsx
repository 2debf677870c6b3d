import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { compareNames } from "#lib/compare-names.ts";
import { Card } from "./card.tsx";
import { Checkbox } from "./field.tsx";
import type { Selection } from "./use-selection.ts";
import { useRowWindow } from "./use-window.ts";

/** Where the measures are not known. */
const USUAL_ROW = 40;

export interface Column<T> {
  readonly key: string;
  /** Text of the head; "" for actions, whose head is only read aloud. */
  readonly label: string;
  readonly cell: (row: T) => ReactNode;
  /** What the column is sorted by; no sorting without. */
  readonly sortBy?: (row: T) => string | number;
  /** `end` for numbers, `metered` for those with a meter; `wide`, `wider`, `widest`: shown from 720, 1000, 1376 px on. */
  readonly className?: string;
}

interface Sorting {
  readonly key: string;
  readonly descending: boolean;
}

interface DataTableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowId: (row: T) => number | string;
  /** Names a row for its checkbox. */
  readonly rowName: (row: T) => string;
  readonly selection?: Selection;
  /** Rows that can be chosen; all without. */
  readonly selectable?: (row: T) => boolean;
  readonly openId?: number | string | undefined;
}

/** Rows of one kind: sorted by a click on a head, chosen by id, drawn only where they are on the screen. */
export function DataTable<T>({ label, columns, rows, rowId, rowName, selection, selectable, openId }: DataTableProps<T>) {
  const { t } = useTranslation();
  const [sorting, setSorting] = useState<Sorting | undefined>();
  const sorted = useMemo(() => sortRows(rows, columns, sorting), [rows, columns, sorting]);
  const body = useRef<HTMLTableSectionElement>(null);
  const [rowHeight] = useState(measuredRow);
  const shown = useRowWindow(body, sorted.length, rowHeight);
  const ids = sorted.filter((row) => selectable?.(row) !== false).map(rowId);
  const width = columns.length + (selection === undefined ? 0 : 1);
  return (
    <Card scrolls label={label}>
      <table className="wf-table">
        <thead>
          <tr>
            {selection === undefined ? null : (
              <th className="w-9 pe-0!">
                <Checkbox
                  label={t("table.selectAll")}
                  checked={ids.length > 0 && ids.every((id) => selection.has(id))}
                  mixed={ids.some((id) => selection.has(id)) && !ids.every((id) => selection.has(id))}
                  onChange={(checked) => selection.setAll(checked ? ids : [])}
                />
              </th>
            )}
            {columns.map((column) => (
              <Head key={column.key} column={column} falling={isFigure(rows, column)} sorting={sorting} onSort={setSorting} />
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          <Spacer height={shown.first * rowHeight} width={width} />
          {sorted.slice(shown.first, shown.end).map((row) => {
            const id = rowId(row);
            return (
              <tr key={id} aria-selected={selection?.has(id) === true || openId === id}>
                {selection === undefined ? null : (
                  <td className="pe-0!">
                    {selectable?.(row) === false ? null : (
                      <Checkbox
                        label={t("table.select", { name: rowName(row) })}
                        checked={selection.has(id)}
                        onChange={(checked, shift) => selection.set(id, checked, shift ? ids : undefined)}
                      />
                    )}
                  </td>
                )}
                {columns.map((column) => (
                  <td key={column.key} className={classOf(column)}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          <Spacer height={(sorted.length - shown.end) * rowHeight} width={width} />
        </tbody>
      </table>
    </Card>
  );
}

function Head<T>(props: {
  readonly column: Column<T>;
  /** Whether the first click puts the highest first. */
  readonly falling: boolean;
  readonly sorting: Sorting | undefined;
  readonly onSort: (sorting: Sorting | undefined) => void;
}) {
  const { column, falling, sorting, onSort } = props;
  const { t } = useTranslation();
  const active = sorting?.key === column.key ? sorting : undefined;
  const order = active === undefined ? undefined : active.descending ? "descending" : "ascending";
  if (column.label === "") {
    return (
      <th scope="col" className={classOf(column)}>
        <span className="sr-only">{t("table.actions")}</span>
      </th>
    );
  }
  const next = nextSorting(column.key, falling, active);
  return (
    <th scope="col" className={column.className} aria-sort={order}>
      {column.sortBy === undefined ? (
        column.label
      ) : (
        <button type="button" onClick={() => onSort(next)}>
          {column.label}
          {active === undefined ? null : active.descending ? (
            <ArrowDown className="size-3" aria-hidden="true" />
          ) : (
            <ArrowUp className="size-3" aria-hidden="true" />
          )}
        </button>
      )}
    </th>
  );
}

/** Pixels of a row: of the reader's density, pointer and size of text. */
function measuredRow(): number {
  const style = getComputedStyle(document.documentElement);
  return Number.parseFloat(style.getPropertyValue("--row")) * Number.parseFloat(style.fontSize) || USUAL_ROW;
}

function Spacer({ height, width }: { readonly height: number; readonly width: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true">
      <td colSpan={width} style={{ height }} />
    </tr>
  );
}

/** Actions, which have no head to be seen, stay in sight. */
const classOf = <T,>({ label, className }: Column<T>) => (label === "" ? `${className ?? ""} pinned` : className);

/** Of figures the highest are looked for first, of words the beginning. */
function isFigure<T>([first]: readonly T[], { sortBy }: Column<T>): boolean {
  return first !== undefined && typeof sortBy?.(first) === "number";
}

/** What a click on a head does: one direction, the other, and back to the given order. */
export function nextSorting(key: string, falling: boolean, active: Sorting | undefined): Sorting | undefined {
  if (active === undefined) return { key, descending: falling };
  return active.descending === falling ? { key, descending: !falling } : undefined;
}

/** Equal rows keep their order. */
export function sortRows<T>(rows: readonly T[], columns: readonly Column<T>[], sorting: Sorting | undefined): readonly T[] {
  const by = columns.find((column) => column.key === sorting?.key)?.sortBy;
  if (sorting === undefined || by === undefined) return rows;
  const sign = sorting.descending ? -1 : 1;
  return rows.toSorted((a, b) => sign * compare(by(a), by(b)));
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return compareNames(String(a), String(b));
}
