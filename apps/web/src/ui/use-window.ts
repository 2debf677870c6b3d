import type { RefObject } from "react";
import { useEffect, useState } from "react";

const SPARE_ROWS = 12;

export interface RowWindow {
  readonly first: number;
  /** Not included. */
  readonly end: number;
}

/**
 * Which rows of equal height are on the screen, of a list that moves with the page. Short lists are shown whole. Of our own because TanStack
 * Virtual would be 10 kB of the first load.
 */
export function useRowWindow(list: RefObject<HTMLElement | null>, count: number, rowHeight: number, whole = 80): RowWindow {
  const [window, setWindow] = useState<RowWindow>({ first: 0, end: whole });
  useEffect(() => {
    if (count <= whole) return;
    const measure = () => {
      const top = list.current?.getBoundingClientRect().top ?? 0;
      setWindow((before) => {
        const next = rowWindow(-top, innerHeight, count, rowHeight);
        return before.first === next.first && before.end === next.end ? before : next;
      });
    };
    measure();
    addEventListener("scroll", measure, { passive: true });
    addEventListener("resize", measure);
    return () => {
      removeEventListener("scroll", measure);
      removeEventListener("resize", measure);
    };
  }, [list, count, rowHeight, whole]);
  return count <= whole ? { first: 0, end: count } : { first: Math.min(window.first, count), end: Math.min(window.end, count) };
}

/** Rows between `scrolled` and `scrolled + height`, with spare ones around, in steps so that scrolling seldom changes the answer. */
export function rowWindow(scrolled: number, height: number, count: number, rowHeight: number): RowWindow {
  const first = Math.floor(scrolled / rowHeight / SPARE_ROWS) * SPARE_ROWS - SPARE_ROWS;
  const end = first + Math.ceil(height / rowHeight) + 3 * SPARE_ROWS;
  return { first: Math.min(count, Math.max(0, first)), end: Math.min(count, Math.max(0, end)) };
}
