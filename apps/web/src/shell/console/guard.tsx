import type { ComponentType } from "react";
import { useEffect } from "react";
import { useFormats } from "#lib/formats.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import type { ConsolePage } from "./pages.ts";
import { useIsAdmin, useSetting } from "./queries.ts";

/** A page with its title in the tab; one for administrators tells others so, and asks nothing of the dashboard. */
export function guardedPage(Page: ComponentType, { label, adminOnly }: Pick<ConsolePage, "label" | "adminOnly">): ComponentType {
  return function GuardedPage() {
    const { t } = useFormats();
    const admin = useIsAdmin();
    const site = useSetting()?.config.site_name ?? "";
    useEffect(() => {
      document.title = [t(label), site].filter((part) => part !== "").join(" · ");
    }, [t, site]);
    return adminOnly === true && !admin ? <EmptyState first title={t("error.adminOnly")} /> : <Page />;
  };
}
