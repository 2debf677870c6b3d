import type { ReactNode } from "react";
import { createPortal } from "react-dom";
import { useSyncExternalStore } from "react";

/** Where a page's title and actions go: the bar over the content, which belongs to the shell. */
export const PAGE_BAR_ID = "page-bar";

const never = () => () => {};

/** Title, a quiet count beside it that goes first where there is no room, and actions at the end. Once per page. */
export function PageBar({ title, aside, children }: { readonly title: string; readonly aside?: string; readonly children?: ReactNode }) {
  const bar = useSyncExternalStore(never, () => document.getElementById(PAGE_BAR_ID));
  if (bar === null) return null;
  return createPortal(
    <>
      <h1 className="truncate text-lg">{title}</h1>
      {aside === undefined ? null : <span className="min-w-0 shrink-99 truncate text-sm text-ink-3 tabular-nums">{aside}</span>}
      <span className="flex-1" />
      {children}
    </>,
    bar,
  );
}
