import type { StatusPage } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import { useFormats } from "#lib/formats.ts";
import { PageBar } from "#shell/console/page-bar.tsx";
import { PageTabs } from "#shell/console/page-tabs.tsx";
import { useIsAdmin } from "#shell/console/queries.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { useStatusPage } from "./use-status-page.ts";

interface FrameProps {
  /** Beside the way to the page itself, in the bar. */
  readonly actions?: (page: StatusPage) => ReactNode;
  readonly children: (page: StatusPage) => ReactNode;
}

/** One status page: its name, the way to it, and its sections. */
export function StatusPageFrame({ actions, children }: FrameProps) {
  const { t } = useFormats();
  const { page, loading, error } = useStatusPage();
  if (page === undefined)
    return (
      <>
        <PageBar title={t("nav.statusPages")} />
        {loading ? (
          <Skeleton className="h-60 w-full" />
        ) : (
          <EmptyState
            title={t("statusPages.missing")}
            action={
              <Link to="/status-page" className="wf-btn">
                {t("nav.statusPages")}
              </Link>
            }
          >
            {error?.message}
          </EmptyState>
        )}
      </>
    );
  return (
    <>
      <PageBar title={page.title}>
        <a href={page.path} target="_blank" rel="noopener" className="wf-btn" data-size="small" title={t("statusPages.open")}>
          <ExternalLink className="size-4" aria-hidden="true" />
          <span className="max-sm:sr-only">{t("statusPages.open")}</span>
        </a>
        {actions?.(page)}
      </PageBar>
      <Sections id={page.id} />
      {children(page)}
    </>
  );
}

function Sections({ id }: { readonly id: number }) {
  const { t } = useFormats();
  const admin = useIsAdmin();
  const base = `/status-page/${id}`;
  return (
    <PageTabs
      label={t("statusPages.sections")}
      tabs={[
        { to: base, label: t("statusPages.page") },
        { to: `${base}/incident`, label: t("nav.incidents") },
        { to: `${base}/maintenance`, label: t("nav.windows") },
        { to: `${base}/subscriber`, label: t("statusPages.subscribers") },
        ...(admin ? [{ to: `${base}/delivery`, label: t("statusPages.delivery") }] : []),
      ]}
    />
  );
}
