import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { useFormats } from "#lib/formats.ts";
import { LoginPage } from "#features/access/console/login-page.tsx";
import { ConsoleNavigation } from "#shell/console/console-navigation.tsx";
import { ConsoleShell } from "#shell/console/console-shell.tsx";
import { guardedPage, usePageTitle } from "#shell/console/guard.tsx";
import { MissingDialog, MissingPage, PageError } from "#shell/error-boundary.tsx";
import { latePart } from "#shell/late-part.tsx";
import { NotFound } from "#shell/not-found.tsx";
import { SkeletonRows } from "#ui/skeleton.tsx";
import { parseSearch, stringifySearch } from "#shell/navigation.ts";
import { CONSOLE_PAGES } from "./pages.ts";

const Palette = latePart(async () => (await import("./palette/palette.tsx")).Palette, MissingDialog);

function UnknownPage() {
  const { t } = useFormats();
  usePageTitle(t("error.notFound"));
  return (
    <main id="main" className="p-6">
      <NotFound />
    </main>
  );
}

const root = createRootRoute({ notFoundComponent: UnknownPage });
const login = createRoute({ getParentRoute: () => root, path: "/login", component: LoginPage });
const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: () => (
    <ConsoleNavigation>
      <ConsoleShell pages={CONSOLE_PAGES} palette={Palette} />
    </ConsoleNavigation>
  ),
});

const pages = CONSOLE_PAGES.map((page) =>
  createRoute({
    getParentRoute: () => shell,
    path: page.path,
    component: guardedPage(
      latePart(async () => (await page.load()).Page, MissingPage),
      page,
    ),
  }),
);

/** A page that comes sooner shows nothing first. */
const PENDING_MS = 150;

/** In the place of a page whose script is on its way. */
function PagePending() {
  const { t } = useFormats();
  return <SkeletonRows label={t("table.loading")} />;
}

export function createConsoleRouter() {
  return createRouter({
    routeTree: root.addChildren([login, shell.addChildren(pages)]),
    basepath: import.meta.env.BASE_URL,
    parseSearch,
    stringifySearch,
    scrollRestoration: true,
    defaultPreload: "intent",
    defaultErrorComponent: PageError,
    defaultPendingComponent: PagePending,
    defaultPendingMs: PENDING_MS,
  });
}
