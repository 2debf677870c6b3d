import type { RefObject } from "react";
import { useEffect } from "react";

/** Scrolls a row of tabs so that the current one is in sight. `current`: what changes when another one is. */
export function useCurrentInSight(ref: RefObject<HTMLElement | null>, current: string): void {
  useEffect(() => {
    const row = ref.current;
    if (row === null) return;
    const show = () => {
      const tab = row.querySelector<HTMLElement>("[aria-current]");
      if (tab !== null) row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.clientWidth) / 2;
    };
    // In a drawer the row has no size before the drawer is open.
    const watched = new ResizeObserver(show);
    watched.observe(row);
    return () => watched.disconnect();
  }, [ref, current]);
}
