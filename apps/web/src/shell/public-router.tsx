import type { ComponentType, ReactNode } from "react";
import { Activity, memo, startTransition, Suspense, useCallback, useEffect, useMemo, useReducer } from "react";
import { browserTimers } from "#wire/browser.ts";
import { ErrorBoundary, MissingPage } from "./error-boundary.tsx";
import { createLateAddress } from "./late-address.ts";
import { latePart } from "./late-part.tsx";
import type { MissingProps } from "./late-part.tsx";
import { changedSearch, NavigationContext, parseSearch, stringifySearch } from "./navigation.ts";
import type { Navigation, SearchParams } from "./navigation.ts";
import { RouterContext } from "./public-router-context.ts";
import type { PublicRouter } from "./public-router-context.ts";

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

/** Matches `/server/$id` against `/server/7`; gives the id, "" for paths without, `undefined` for another path. */
export function matchPath(pattern: string, path: string): string | undefined {
  const trimmed = path.length > 1 ? path.replace(/\/$/, "") : path;
  if (!pattern.endsWith("/$id")) return pattern === trimmed ? "" : undefined;
  const prefix = pattern.slice(0, -"$id".length);
  const id = trimmed.slice(prefix.length);
  return trimmed.startsWith(prefix) && id !== "" && !id.includes("/") ? id : undefined;
}

export const currentPlace = (): Place => ({ path: location.pathname, search: parseSearch(location.search) });

const typed = createLateAddress({
  replace: (address) => history.replaceState(null, "", address),
  after: browserTimers.after,
});

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
  const [{ place, first }, setPlace] = useReducer(moved, { place: start, first: start.path === FIRST ? start : undefined });
  // Links look at this: what is searched for is none of their business, and there may be a thousand.
  const { path } = place;
  const returns = first !== undefined && path !== FIRST;
  const open = useCallback(
    (next: Place) => {
      // A page that only has to be shown does not wait for what the other one still draws.
      if (returns && next.path === FIRST) setPlace(next);
      else startTransition(() => setPlace(next));
    },
    [returns],
  );
  useEffect(() => {
    const follow = () => {
      typed.drop();
      open(currentPlace());
    };
    addEventListener("popstate", follow);
    addEventListener("pagehide", typed.settle);
    return () => {
      removeEventListener("popstate", follow);
      removeEventListener("pagehide", typed.settle);
    };
  }, [open]);
  const prepared = useMemo(() => pages.map(preparePage), [pages]);
  const found = prepared.find((page) => matchPath(page.path, place.path) !== undefined);
  const router = useMemo(
    (): PublicRouter => ({
      path,
      id: found === undefined ? "" : (matchPath(found.path, path) ?? ""),
      go(to) {
        typed.settle();
        history.pushState(null, "", to);
        open(currentPlace());
        scrollTo(0, 0);
      },
      prepare: (to) => prepared.find((page) => matchPath(page.path, to) !== undefined)?.load(),
    }),
    [path, found, prepared, open],
  );
  const change = useCallback<Navigation["change"]>((next, options) => {
    if (options?.typed !== true) typed.settle();
    const now = currentPlace();
    const search = changedSearch(now.search, next);
    const address = now.path + stringifySearch(search);
    if (options?.typed === true) typed.write(address);
    else if (options?.push === true) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    startTransition(() => setPlace({ path: now.path, search }));
  }, []);
  const navigationAt = (search: SearchParams): Navigation => ({ search, change });
  const onFirst = path === FIRST;
  const First = prepared.find((page) => page.path === FIRST)?.Page;
  const Page = found?.Page;
  const around = found?.bare === true ? (page: ReactNode) => page : shell;
  return (
    <RouterContext value={router}>
      {around(
        <>
          {first === undefined || First === undefined ? null : (
            <Activity mode={onFirst ? "visible" : "hidden"}>
              <PageFrame navigation={navigationAt(first.search)} waiting={waiting} onShown={onShown}>
                <First />
              </PageFrame>
            </Activity>
          )}
          {onFirst ? null : (
            <PageFrame key={path} navigation={navigationAt(place.search)} waiting={waiting} onShown={onShown}>
              {Page === undefined ? notFound : <Page />}
            </PageFrame>
          )}
        </>,
      )}
    </RouterContext>
  );
}

/** The page that most go back to: once drawn it stays, unseen and at rest, so that going back is no drawing anew. */
const FIRST = "/";

interface Places {
  readonly place: Place;
  /** Where the first page is, or was when it was left. */
  readonly first: Place | undefined;
}

function moved({ first }: Places, place: Place): Places {
  if (place.path !== FIRST) return { place, first };
  // Coming back to it as it was left, nothing of it is drawn anew.
  const same = first !== undefined && stringifySearch(first.search) === stringifySearch(place.search);
  return { place, first: same ? first : place };
}

interface PageFrameProps {
  readonly navigation: Navigation;
  readonly waiting: ReactNode;
  readonly onShown: () => void;
  readonly children: ReactNode;
}

function PageFrame({ navigation: { search, change }, waiting, onShown, children }: PageFrameProps) {
  const navigation = useMemo((): Navigation => ({ search, change }), [search, change]);
  return (
    <NavigationContext value={navigation}>
      <ErrorBoundary>
        <Suspense fallback={waiting}>
          {children}
          <Shown tell={onShown} />
        </Suspense>
      </ErrorBoundary>
    </NavigationContext>
  );
}

function Shown({ tell }: { readonly tell: () => void }) {
  useEffect(tell, [tell]);
  return null;
}

function Missing(props: MissingProps) {
  return (
    <div className="pt-8">
      <MissingPage {...props} />
    </div>
  );
}

interface PreparedPage {
  readonly path: string;
  readonly bare: boolean;
  readonly Page: ComponentType;
  readonly load: () => void;
}

function preparePage(page: PublicPage): PreparedPage {
  const { path, bare = false } = page;
  if ("page" in page) return { path, bare, Page: memo(page.page), load: () => {} };
  const Page = latePart(page.load, Missing);
  return { path, bare, Page, load: () => void Page.preload() };
}
