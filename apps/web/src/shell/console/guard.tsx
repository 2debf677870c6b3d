import type { FunctionComponent } from "react";
import { useEffect } from "react";
import { useFormats } from "#lib/formats.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import type { LatePart } from "../late-part.tsx";
import { PageBar } from "./page-bar.tsx";
import type { ConsolePage } from "./pages.ts";
import { useSetting } from "./queries.ts";
import { useMay } from "./rights.tsx";

/** `page · site` in the tab. */
export function useTabTitle(page: string): void {
  const site = useSetting()?.config.site_name ?? "";
  useEffect(() => {
    document.title = [page, site].filter((part) => part !== "").join(" · ");
  }, [page, site]);
}

/**
 * A page with its title in the tab, also while it is on its way or does not come; one that an account is not good for says so under its
 * name, is not loaded, and asks nothing of the dashboard.
 */
export function guardedPage(Page: LatePart<object>, { label, needs }: Pick<ConsolePage, "label" | "needs">): LatePart<object> {
  const Guarded: FunctionComponent = () => {
    const { t } = useFormats();
    const may = useMay(needs);
    useTabTitle(t(label));
    if (may) return <Page />;
    return (
      <>
        <PageBar title={t(label)} />
        <EmptyState title={t(needs === "administer" ? "error.adminOnly" : "error.readsOnly")} />
      </>
    );
  };
  return Object.assign(Guarded, { preload: Page.preload });
}
