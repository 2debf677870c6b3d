import type { KeyPrefix, PressedKey } from "../key-actions.ts";

/** Pages by the letter after `g`. */
const PAGES: Readonly<Record<string, string>> = {
  h: "/",
  s: "/servers",
  v: "/service",
  a: "/incident",
  t: "/cron",
  n: "/notification",
};

/** What a key of the console does. */
export type KeyAction =
  | { readonly kind: "palette" }
  | { readonly kind: "search" }
  | { readonly kind: "go"; readonly to: string }
  | KeyPrefix
  | { readonly kind: "help" }
  | RowAction;

/** What is done with the row that has the focus; `step` goes on from it. */
export type RowAction =
  | { readonly kind: "step"; readonly by: 1 | -1 }
  | { readonly kind: "select"; readonly range: boolean }
  | { readonly kind: "edit" }
  | { readonly kind: "menu" }
  | { readonly kind: "batch" };

const ROW_KEYS: Readonly<Record<string, RowAction>> = {
  j: { kind: "step", by: 1 },
  k: { kind: "step", by: -1 },
  x: { kind: "select", range: false },
  X: { kind: "select", range: true },
  e: { kind: "edit" },
  ".": { kind: "menu" },
  b: { kind: "batch" },
};

/** A key with where it was pressed. */
export interface KeyPress extends PressedKey {
  /** Where the focus is: `writing` where letters are written (a field, a terminal), or in an open dialog, or on the page. */
  readonly place: "page" | "dialog" | "writing";
}

/** What a key does, with the one before it. Letters alone do nothing where something is written, or when they are switched off. */
export function actionOf(press: KeyPress, previous: string | undefined, single: boolean): KeyAction | undefined {
  if (press.ctrl && press.key.toLowerCase() === "k") return { kind: "palette" };
  if (press.ctrl || press.alt || press.place === "writing" || !single) return undefined;
  const row = ROW_KEYS[press.key];
  // Of a dialog only the next and the previous one are there: a drawer covers its list.
  if (press.place === "dialog") return row?.kind === "step" ? row : undefined;
  if (previous === "g") {
    const to = PAGES[press.key];
    return to === undefined ? undefined : { kind: "go", to };
  }
  if (press.key === "g") return { kind: "prefix" };
  if (press.key === "?") return { kind: "help" };
  return press.key === "/" ? { kind: "search" } : row;
}
