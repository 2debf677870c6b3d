import type { ComponentType } from "react";
import { useEffect } from "react";
import { useFormats } from "#lib/formats.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import type { ConsolePage } from "./pages.ts";
import { useSetting } from "./queries.ts";
import { useMay } from "./rights.tsx";

/** A page with its title in the tab; one that an account is not good for says so, and asks nothing of the dashboard. */
export function guardedPage(Page: ComponentType, { label, needs }: Pick<ConsolePage, "label" | "needs">): ComponentType {
  return function GuardedPage() {
    const { t } = useFormats();
    const may = useMay(needs);
    const site = useSetting()?.config.site_name ?? "";
    useEffect(() => {
      document.title = [t(label), site].filter((part) => part !== "").join(" · ");
    }, [t, site]);
    return may ? <Page /> : <EmptyState first title={t(needs === "administer" ? "error.adminOnly" : "error.readsOnly")} />;
  };
}
