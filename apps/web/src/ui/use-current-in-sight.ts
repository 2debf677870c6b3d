import type { RefObject } from "react";
import { useEffect } from "react";

/** Scrolls a row of tabs so that the current one is in sight. `current`: what changes when another one is. */
export function useCurrentInSight(ref: RefObject<HTMLElement | null>, current: string): void {
  useEffect(() => {
    const row = ref.current;
    const tab = row?.querySelector<HTMLElement>("[aria-current]");
    if (row && tab) row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.clientWidth) / 2;
  }, [ref, current]);
}
