import type { ComponentPropsWithRef, ComponentType, MouseEvent, ReactNode } from "react";
import { createContext, lazy, startTransition, Suspense, use, useEffect, useMemo, useState } from "react";
import { ErrorBoundary } from "./error-boundary.tsx";
import { changedSearch, NavigationContext, parseSearch, stringifySearch } from "./navigation.ts";
import type { Navigation, SearchParams } from "./navigation.ts";

/*
 * The public half has few pages and a first load to keep small: a router of its own, a tenth the size of the console's, is enough.
 */

/** A page of the public half. `path` may end in `/$id`. */
export type PublicPage = {
  readonly path: string;
  /** Nothing stands around it. */
  readonly bare?: boolean;
} & (
  | { readonly page: ComponentType }
  /** Loaded when it is opened, and already when a link to it is pointed at. */
  | { readonly load: () => Promise<ComponentType> }
);

export interface Place {
  readonly path: string;
  readonly search: SearchParams;
}

interface PublicRouter {
  readonly place: Place;
  readonly id: string;
  go(to: string): void;
  prepare(path: string): void;
}

const RouterContext = createContext<PublicRouter | undefined>(undefined);

function useRouter(): PublicRouter {
  const router = use(RouterContext);
  if (router === undefined) throw new Error("RouterContext is missing");
  return router;
}

/** Matches `/server/$id` against `/server/7`; gives the id, "" for paths without, `undefined` for another path. */
export function matchPath(pattern: string, path: string): string | undefined {
  const trimmed = path.length > 1 ? path.replace(/\/$/, "") : path;
  if (!pattern.endsWith("/$id")) return pattern === trimmed ? "" : undefined;
  const prefix = pattern.slice(0, -"$id".length);
  const id = trimmed.slice(prefix.length);
  return trimmed.startsWith(prefix) && id !== "" && !id.includes("/") ? id : undefined;
}

export const currentPlace = (): Place => ({ path: location.pathname, search: parseSearch(location.search) });

interface RoutesProps {
  readonly pages: readonly PublicPage[];
  readonly start: Place;
  /** After each page that came to be seen. */
  readonly onShown: () => void;
  readonly notFound: ReactNode;
  /** While a page is on its way. */
  readonly waiting: ReactNode;
  /** What stands around every page. */
  readonly shell: (page: ReactNode) => ReactNode;
}

/** Draws the page of the address, and follows the address. */
export function PublicRoutes({ pages, start, onShown, notFound, waiting, shell }: RoutesProps) {
  const [place, setPlace] = useState(start);
  useEffect(() => {
    const follow = () => startTransition(() => setPlace(currentPlace()));
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }, []);
  const prepared = useMemo(() => pages.map(preparePage), [pages]);
  const found = prepared.find((page) => matchPath(page.path, place.path) !== undefined);
  const router = useMemo(
    (): PublicRouter => ({
      place,
      id: found === undefined ? "" : (matchPath(found.path, place.path) ?? ""),
      go(to) {
        history.pushState(null, "", to);
        startTransition(() => setPlace(currentPlace()));
        scrollTo(0, 0);
      },
      prepare: (path) => prepared.find((page) => matchPath(page.path, path) !== undefined)?.load(),
    }),
    [place, found, prepared],
  );
  const navigation = useMemo((): Navigation => {
    const change: Navigation["change"] = (next, options) => {
      const now = currentPlace();
      const search = changedSearch(now.search, next);
      const address = now.path + stringifySearch(search);
      if (options?.push === true) history.pushState(null, "", address);
      else history.replaceState(null, "", address);
      startTransition(() => setPlace({ path: now.path, search }));
    };
    return { search: place.search, change };
  }, [place.search]);
  const Page = found?.Page;
  const around = found?.bare === true ? (page: ReactNode) => page : shell;
  return (
    <RouterContext value={router}>
      <NavigationContext value={navigation}>
        {around(
          <ErrorBoundary key={place.path}>
            <Suspense fallback={waiting}>
              {Page === undefined ? notFound : <Page />}
              <Shown tell={onShown} />
            </Suspense>
          </ErrorBoundary>,
        )}
      </NavigationContext>
    </RouterContext>
  );
}

function Shown({ tell }: { readonly tell: () => void }) {
  useEffect(tell, [tell]);
  return null;
}

interface PreparedPage {
  readonly path: string;
  readonly bare: boolean;
  readonly Page: ComponentType;
  readonly load: () => void;
}

function preparePage(page: PublicPage): PreparedPage {
  const { path, bare = false } = page;
  if ("page" in page) return { path, bare, Page: page.page, load: () => {} };
  const { load } = page;
  // A failure shows when the page is opened; getting ready for it is only a wish.
  return { path, bare, Page: lazy(async () => ({ default: await load() })), load: () => void load().catch(() => {}) };
}

/** The `$id` of the address. */
export function usePathId(): string {
  return useRouter().id;
}

/** Whether the address is at or below a path. */
export function useIsBelow(path: string): boolean {
  return useRouter().place.path.startsWith(path);
}

interface LinkProps extends Omit<ComponentPropsWithRef<"a">, "href"> {
  readonly to: string;
  readonly search?: SearchParams;
}

/** A link within the public half. Marked as current on its own page. */
export function Link({ to, search = {}, children, ...rest }: LinkProps) {
  const router = useRouter();
  const href = to + stringifySearch(search);
  const follow = (event: MouseEvent) => {
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!plain || event.defaultPrevented) return;
    event.preventDefault();
    router.go(href);
  };
  const current = router.place.path === to ? ({ "aria-current": "page" } as const) : {};
  return (
    <a {...current} {...rest} href={href} onClick={follow} onPointerEnter={() => router.prepare(to)} onFocus={() => router.prepare(to)}>
      {children}
    </a>
  );
}
