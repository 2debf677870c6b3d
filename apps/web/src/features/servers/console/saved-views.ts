import type { SearchParams } from "#shell/navigation.ts";

/** A filter with its columns under a name of the reader's, kept in this browser. */
export interface SavedView {
  readonly name: string;
  /** The search parameters that make it. */
  readonly search: SearchParams;
}

/** What of an address a view keeps. */
const KEPT = ["q", "view", "cols"] as const;
const MOST = 20;
const LONGEST_NAME = 40;

export function viewOf(search: SearchParams): SearchParams {
  return Object.fromEntries(KEPT.flatMap((key) => (search[key] === undefined ? [] : [[key, search[key]]])));
}

/** Whether the list shows what a view keeps. */
export function isShown(view: SavedView, search: SearchParams): boolean {
  return KEPT.every((key) => (view.search[key] ?? "") === (search[key] ?? ""));
}

/** Parameters that bring a view up: those it does not keep go. */
export function openView(view: SavedView): SearchParams {
  return Object.fromEntries(KEPT.map((key) => [key, view.search[key] ?? ""]));
}

/** Views of what was stored; whatever is damaged counts as none. */
export function readViews(text: string | undefined): readonly SavedView[] {
  try {
    const list: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(list) ? list.filter(isView).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

function isView(value: unknown): value is SavedView {
  if (typeof value !== "object" || value === null) return false;
  const search: unknown = Reflect.get(value, "search");
  return typeof Reflect.get(value, "name") === "string" && typeof search === "object" && search !== null;
}

/** With one more; a view of the same name is replaced, the oldest goes when there are too many. */
export function withView(views: readonly SavedView[], name: string, search: SearchParams): readonly SavedView[] {
  const short = name.trim().slice(0, LONGEST_NAME);
  return [...views.filter((view) => view.name !== short), { name: short, search: viewOf(search) }].slice(-MOST);
}
