import type { PublicPage } from "#shell/public-router.tsx";
import { ServerListPage } from "./server-list-page.tsx";

/** Every page of the public site. */
export const PUBLIC_PAGES: readonly PublicPage[] = [
  { path: "/", page: ServerListPage },
  { path: "/server/$id", load: async () => (await import("./server-detail-page.tsx")).ServerDetailPage },
  { path: "/service", load: async () => (await import("./services-page.tsx")).ServicesPage },
  { path: "/service/$id", load: async () => (await import("./service-page.tsx")).ServicePage },
  { path: "/map", load: async () => (await import("./map-page.tsx")).MapPage },
  { path: "/share", bare: true, load: async () => (await import("./share-page.tsx")).SharePage },
  { path: "/wall", bare: true, load: async () => (await import("./wall-page.tsx")).WallPage },
  { path: "/embed/server/$id", bare: true, load: async () => (await import("./embed-server-page.tsx")).EmbedServerPage },
  { path: "/embed/service/$id", bare: true, load: async () => (await import("./embed-service-page.tsx")).EmbedServicePage },
];

/** On a page that the browser kept, a part that it did not keep gives way to the list. */
export const KEPT_PAGES: readonly PublicPage[] = PUBLIC_PAGES.map((page): PublicPage => {
  if ("page" in page) return page;
  return { ...page, load: () => page.load().catch(() => ServerListPage) };
});
