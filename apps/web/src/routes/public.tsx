import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { ServerListPage } from "#features/servers/public/list-page.tsx";
import { PageError } from "#shell/error-boundary.tsx";
import { NotFound } from "#shell/not-found.tsx";
import { PublicShell } from "#shell/public-shell.tsx";
import { parseSearch, stringifySearch } from "#shell/search-state.ts";

const root = createRootRoute({ component: PublicShell, notFoundComponent: NotFound });

const pages = [
  createRoute({ getParentRoute: () => root, path: "/", component: ServerListPage }),
  createRoute({
    getParentRoute: () => root,
    path: "/server/$id",
    component: lazyRouteComponent(() => import("#features/servers/public/detail-page.tsx"), "ServerDetailPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/service",
    component: lazyRouteComponent(() => import("#features/services/public/services-page.tsx"), "ServicesPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/service/$id",
    component: lazyRouteComponent(() => import("#features/services/public/service-page.tsx"), "ServicePage"),
  }),
];

export function createPublicRouter() {
  return createRouter({
    routeTree: root.addChildren(pages),
    basepath: import.meta.env.BASE_URL,
    parseSearch,
    stringifySearch,
    scrollRestoration: true,
    defaultPreload: "intent",
    defaultErrorComponent: PageError,
  });
}
