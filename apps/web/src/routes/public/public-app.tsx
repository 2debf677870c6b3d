import { StrictMode } from "react";
import { useFormats } from "#lib/formats.ts";
import { AppContext } from "#shell/app-context.tsx";
import type { App } from "#shell/app-context.tsx";
import { ErrorBoundary } from "#shell/error-boundary.tsx";
import { PublicSiteContext } from "#shell/public-data.tsx";
import type { PublicSite } from "#shell/public-data.tsx";
import { NotFound } from "#shell/not-found.tsx";
import { createKeyHelp } from "#shell/public-key-help.tsx";
import { PublicRoutes } from "#shell/public-router.tsx";
import type { Place, PublicPage } from "#shell/public-router.tsx";
import { ShareBanner } from "#shell/share-banner.tsx";
import { PublicShell, useTitle } from "#shell/public-shell.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { ToastArea } from "#ui/toast.tsx";

const KeyHelp = createKeyHelp({
  palette: async () => (await import("./go-to.tsx")).GoTo,
  list: async () => (await import("./key-list.tsx")).KeyList,
});

interface PublicAppProps {
  readonly app: App;
  readonly site: PublicSite;
  readonly pages: readonly PublicPage[];
  /** Where the visit begins. */
  readonly start: Place;
  /** The first page is there, or has been taken over. */
  readonly onShown: () => void;
}

function UnknownPage() {
  const { t } = useFormats();
  useTitle(t("error.notFound"));
  return <NotFound />;
}

/** The whole public half. The dashboard draws the first screen with it, and the browser takes that over: both see the same tree. */
export function PublicApp({ app, site, pages, start, onShown }: PublicAppProps) {
  return (
    <StrictMode>
      <AppContext value={app}>
        <PublicSiteContext value={site}>
          <ErrorBoundary>
            <PublicRoutes
              pages={pages}
              start={start}
              onShown={onShown}
              notFound={<UnknownPage />}
              waiting={<Skeleton className="mt-8 h-96 w-full rounded-card!" />}
              shell={(page) => (
                <KeyHelp>
                  <ShareBanner />
                  <PublicShell>{page}</PublicShell>
                </KeyHelp>
              )}
            />
          </ErrorBoundary>
          <ToastArea toasts={app.toasts} />
        </PublicSiteContext>
      </AppContext>
    </StrictMode>
  );
}
