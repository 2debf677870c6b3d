import { NotFound } from "#shell/not-found.tsx";
import { PublicRoutes } from "#shell/public-router.tsx";
import type { PublicPage } from "#shell/public-router.tsx";
import { storedAt } from "#shell/offline-page.ts";
import { PublicShell } from "#shell/public-shell.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { ServerListPage } from "./server-list-page.tsx";

const PAGES: readonly PublicPage[] = [
  { path: "/", page: ServerListPage },
  { path: "/server/$id", load: async () => (await import("./server-detail-page.tsx")).ServerDetailPage },
  { path: "/service", load: async () => (await import("./services-page.tsx")).ServicesPage },
  { path: "/service/$id", load: async () => (await import("./service-page.tsx")).ServicePage },
  { path: "/map", load: async () => (await import("./map-page.tsx")).MapPage },
  { path: "/wall", bare: true, load: async () => (await import("./wall-page.tsx")).WallPage },
  { path: "/embed/server/$id", bare: true, load: async () => (await import("./embed-server-page.tsx")).EmbedServerPage },
  { path: "/embed/service/$id", bare: true, load: async () => (await import("./embed-service-page.tsx")).EmbedServicePage },
];

/** On a page that the browser kept, a part that it did not keep gives way to the list. */
const KEPT_PAGES = PAGES.map((page): PublicPage => {
  if ("page" in page) return page;
  return { ...page, load: () => page.load().catch(() => ServerListPage) };
});

/** Every page of the public site. */
export function PublicSite() {
  return (
    <PublicRoutes
      pages={storedAt(document) === undefined ? PAGES : KEPT_PAGES}
      notFound={<NotFound />}
      waiting={<Skeleton className="mt-8 h-96 w-full rounded-card!" />}
      shell={(page) => <PublicShell>{page}</PublicShell>}
    />
  );
}
