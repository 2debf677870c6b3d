import type { FunctionComponent } from "react";
import { useFormats } from "#lib/formats.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import type { LatePart } from "../late-part.tsx";
import { useTabTitle } from "../tab-title.ts";
import { PageBar } from "./page-bar.tsx";
import type { ConsolePage } from "./pages.ts";
import { useSetting } from "./queries.ts";
import { useMay } from "./rights.tsx";

/** The name of a page of the console, in the tab. */
export function usePageTitle(page: string): void {
  useTabTitle(page, useSetting()?.config.site_name ?? "");
}

/**
 * A page with its title in the tab, also while it is on its way or does not come; one that an account is not good for says so under its
 * name, is not loaded, and asks nothing of the dashboard.
 */
export function guardedPage(Page: LatePart<object>, { label, needs }: Pick<ConsolePage, "label" | "needs">): LatePart<object> {
  const Guarded: FunctionComponent = () => {
    const { t } = useFormats();
    const may = useMay(needs);
    usePageTitle(t(label));
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
