import type { RowAction } from "./keys.ts";

/** Rows of the page's lists, in their order; spaces of rows out of sight are none. */
const ROWS = "main table tbody tr:not([aria-hidden])";

/** Does what a key says with the row that has the focus, by pressing what stands in it. `false`: there is nothing to press. */
export function pressRowKey(document: Document, action: RowAction): boolean {
  const row = document.activeElement?.closest(ROWS);
  switch (action.kind) {
    case "step":
      return stepInDrawer(document, action.by) ?? stepRow(document, row ?? undefined, action.by);
    case "select":
      return select(row?.querySelector("input[type=checkbox]"), action.range);
    case "edit":
      return click(row?.querySelector("[data-key=edit]") ?? openerOf(row));
    case "menu":
      return click(row?.querySelector("[aria-haspopup]"));
    case "batch":
      return focus(document.querySelector("[data-batch-bar] button"));
  }
}

/** `undefined` outside of drawers. */
function stepInDrawer(document: Document, by: 1 | -1): boolean | undefined {
  const drawer = [...document.querySelectorAll("dialog[open]")].at(-1);
  if (drawer === undefined) return undefined;
  return click(drawer.querySelector(`[data-key=${by === 1 ? "next" : "previous"}]:not(:disabled)`));
}

function stepRow(document: Document, row: Element | undefined, by: 1 | -1): boolean {
  const rows = [...document.querySelectorAll(ROWS)];
  const at = row === undefined ? (by === 1 ? -1 : rows.length) : rows.indexOf(row);
  return focus(openerOf(rows[at + by]));
}

/** What opens a row, else the first that takes the focus. */
const openerOf = (row: Element | null | undefined): Element | null =>
  row?.querySelector("td :is(button, a):not([data-shape=icon])") ?? row?.querySelector("button, a, input") ?? null;

function select(box: Element | null | undefined, shiftKey: boolean): boolean {
  return box?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey })) ?? false;
}

function click(element: Element | null | undefined): boolean {
  if (!(element instanceof HTMLElement)) return false;
  element.click();
  return true;
}

function focus(element: Element | null | undefined): boolean {
  if (!(element instanceof HTMLElement)) return false;
  element.focus();
  element.scrollIntoView({ block: "nearest" });
  return true;
}
