import { useEffect } from "react";

/** `page · site` in the tab, without what is not known yet. */
export function useTabTitle(page: string, site: string): void {
  useEffect(() => {
    document.title = [page, site].filter((part) => part !== "").join(" · ");
  }, [page, site]);
}
