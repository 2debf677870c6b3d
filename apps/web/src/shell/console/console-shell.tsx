import { Link, Outlet, useNavigate, useRouter, useRouterState } from "@tanstack/react-router";
import { ExternalLink, LogOut, Menu as MenuIcon, Search, UserRound } from "lucide-react";
import type { ComponentType } from "react";
import { Suspense, useCallback, useEffect, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { Menu } from "#ui/menu.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import { isSignedOut } from "#wire/api-error.ts";
import { useApp } from "../app-context.tsx";
import { ThemeMenu, LanguageMenu } from "../appearance-menus.tsx";
import { Brand } from "../brand.tsx";
import { StaleBanner, useConnection } from "../connection.tsx";
import { PageError } from "../error-boundary.tsx";
import { PAGE_BAR_ID } from "./page-bar.tsx";
import type { ConsolePage } from "./pages.ts";
import { SECTIONS } from "./pages.ts";
import { useIsAdmin, useRead, useSetting } from "./queries.ts";
import { SessionDialog } from "./session-dialog.tsx";
import { signOut } from "./sign-out.ts";
import { useKeys } from "./use-keys.ts";

interface PagesProps {
  readonly pages: readonly ConsolePage[];
}

interface ShellProps extends PagesProps {
  /** Goes anywhere by name; loaded when it is first asked for. */
  readonly palette: ComponentType<{ readonly pages: readonly ConsolePage[]; readonly onClose: () => void }>;
}

/** Everything around a page of the console. Guests are sent to sign in, and come back to where they wanted to go. */
export function ConsoleShell({ pages, palette: Palette }: ShellProps) {
  const { t } = useFormats();
  const profile = useRead<{ id: number }>("/profile");
  const navigate = useNavigate();
  const router = useRouter();
  const { live } = useApp();
  const out = profile.data === undefined && isSignedOut(profile.error);
  useEffect(() => {
    if (out) void navigate({ to: "/login", search: { next: router.state.location.href }, replace: true });
  }, [out, router, navigate]);
  const signedIn = profile.data !== undefined;
  useEffect(() => {
    if (!signedIn) return;
    live.socket.start();
    return () => live.socket.stop();
  }, [signedIn, live]);
  const [going, setGoing] = useState(false);
  const onPalette = useCallback(() => setGoing(true), []);
  useKeys(onPalette);
  if (!signedIn) return profile.error === null || out ? null : <PageError error={profile.error} />;
  return (
    <>
      <a href="#main" className="absolute start-4 -top-16 z-50 rounded-control bg-surface px-4 py-2 focus:top-2">
        {t("nav.skip")}
      </a>
      <div className="grid min-h-dvh grid-cols-[var(--side)_minmax(0,1fr)] max-md:grid-cols-[minmax(0,1fr)]">
        <Sidebar pages={pages} onPalette={onPalette} />
        <div className="flex min-w-0 flex-col">
          <TopBar />
          <main id="main" className="grid flex-1 grid-cols-[minmax(0,1fr)] content-start gap-4 p-6 max-md:px-4 max-md:pt-4 max-md:pb-20">
            <StaleBanner />
            <Outlet />
          </main>
        </div>
      </div>
      <BottomBar pages={pages} onPalette={onPalette} />
      <SessionDialog />
      {going ? (
        <Suspense>
          <Palette pages={pages} onClose={() => setGoing(false)} />
        </Suspense>
      ) : null}
    </>
  );
}

function TopBar() {
  return (
    <header className="sticky top-0 z-10 flex min-h-14 items-center gap-3 border-b border-line bg-canvas/92 px-6 backdrop-blur-md max-md:px-4">
      <div id={PAGE_BAR_ID} className="flex min-w-0 flex-1 items-center gap-3" />
      <LiveDot />
      <span className="max-md:hidden">
        <LanguageMenu />
      </span>
      <ThemeMenu />
    </header>
  );
}

function LiveDot() {
  const { t } = useFormats();
  const connection = useConnection();
  const state = connection === "live" ? "up" : connection === "connecting" ? "waiting" : "warn";
  const word = connection === "stale" ? "reconnecting" : connection;
  // A phone has no room for what is as it should be.
  const quiet = connection === "live" || connection === "connecting";
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm whitespace-nowrap text-ink-3 ${quiet ? "max-sm:hidden" : ""}`}>
      <StateIcon state={state} />
      <span className="max-sm:sr-only">{t(`live.${word}`)}</span>
    </span>
  );
}

const EXACT = { exact: true, includeSearch: false } as const;
const ENTRY =
  "flex min-h-8 items-center gap-2 rounded-control px-2 font-medium text-ink-2 hover:bg-hover hover:text-ink hover:no-underline aria-[current=page]:bg-sunken aria-[current=page]:text-ink dark:aria-[current=page]:bg-line [&_svg]:size-4 [&_svg]:flex-none";

function useVisiblePages(pages: readonly ConsolePage[]): readonly ConsolePage[] {
  const admin = useIsAdmin();
  return pages.filter((page) => page.icon !== undefined && (admin || page.adminOnly !== true));
}

function Sidebar({ pages, onPalette }: PagesProps & { readonly onPalette: () => void }) {
  const { t } = useFormats();
  const visible = useVisiblePages(pages);
  return (
    <nav aria-label={t("nav.console")} className="sticky top-0 flex h-dvh flex-col gap-1 border-e border-line bg-surface p-3 max-md:hidden">
      <Link to="/" className="flex min-w-0 items-center gap-2 px-2 pt-1 pb-3 text-lg font-strong text-ink hover:no-underline">
        <Brand name={useSetting()?.config.site_name || "Windfire"} />
      </Link>
      <button
        type="button"
        onClick={onPalette}
        className="mb-2 flex min-h-8 items-center gap-2 rounded-control border border-line bg-sunken px-2 text-ink-2 hover:text-ink"
      >
        <Search className="size-4" aria-hidden="true" />
        <span className="flex-1 text-start">{t("palette.open")}</span>
        <kbd className="text-2xs text-ink-3">Ctrl K</kbd>
      </button>
      <div className="-mx-1 flex min-h-0 flex-1 flex-col gap-1 overflow-y-auto px-1 [scrollbar-width:thin]">
        {SECTIONS.map((section) => {
          const own = visible.filter((page) => page.section === section);
          if (own.length === 0) return null;
          return (
            <div key={section} className="grid gap-0.5">
              {section === "main" || section === "site" ? (
                <span className="h-1" />
              ) : (
                <h2 className="px-2 pt-3 pb-1 text-xs font-medium tracking-normal text-ink-3">{t(`section.${section}`)}</h2>
              )}
              {own.map((page) => (
                <Entry key={page.path} page={page} />
              ))}
            </div>
          );
        })}
      </div>
      <a href="/" className={ENTRY}>
        <ExternalLink aria-hidden="true" />
        {t("nav.publicSite")}
      </a>
      <AccountMenu />
    </nav>
  );
}

/** Whether an entry stands for the page that is shown: its own, or one of those below it. */
function useIsCurrent({ path, under = [] }: ConsolePage): boolean {
  return useRouterState({
    select: ({ location }) => location.pathname === path || under.some((beginning) => location.pathname.startsWith(beginning)),
  });
}

function Entry({ page }: { readonly page: ConsolePage }) {
  const { t } = useFormats();
  const Icon = page.icon;
  const current = useIsCurrent(page);
  return (
    <Link to={page.path} activeOptions={EXACT} className={ENTRY} {...(current ? { "aria-current": "page" } : {})}>
      {Icon === undefined ? null : <Icon aria-hidden="true" />}
      {t(page.label)}
    </Link>
  );
}

function AccountMenu() {
  const { t } = useFormats();
  const profile = useRead<{ username: string }>("/profile").data;
  const app = useApp();
  const [error, setError] = useState<string | undefined>();
  const leave = () => signOut(app.api).catch((failure: unknown) => setError(String(failure)));
  return (
    <>
      <Menu
        label={t("nav.account")}
        button={(trigger) => (
          <button type="button" {...trigger} className={`${ENTRY} w-full text-start`}>
            <span
              className="grid size-5 flex-none place-items-center rounded-full bg-maint-soft text-2xs font-strong text-maint-text"
              aria-hidden="true"
            >
              {profile?.username.charAt(0).toUpperCase()}
            </span>
            <span className="truncate">{profile?.username}</span>
          </button>
        )}
      >
        <Link to="/profile">
          <UserRound className="size-4" aria-hidden="true" />
          {t("nav.profile")}
        </Link>
        <hr />
        <button type="button" onClick={() => void leave()}>
          <LogOut className="size-4" aria-hidden="true" />
          {t("nav.signOut")}
        </button>
      </Menu>
      {error === undefined ? null : (
        <p role="alert" className="px-2 text-sm text-crit-text">
          {error}
        </p>
      )}
    </>
  );
}

/** Phones: the first entries within reach of the thumb, the rest behind "More". */
const BOTTOM_ENTRIES = 4;
const TAB =
  "flex flex-1 flex-col items-center justify-center gap-0.5 text-2xs font-medium text-ink-2 hover:no-underline aria-[current=page]:text-ink [&_svg]:size-5";

function Tab({ page }: { readonly page: ConsolePage }) {
  const { t } = useFormats();
  const Icon = page.icon;
  const current = useIsCurrent(page);
  return (
    <Link to={page.path} activeOptions={EXACT} className={TAB} {...(current ? { "aria-current": "page" } : {})}>
      {Icon === undefined ? null : <Icon aria-hidden="true" />}
      {t(page.label)}
    </Link>
  );
}

function BottomBar({ pages, onPalette }: PagesProps & { readonly onPalette: () => void }) {
  const { t } = useFormats();
  const visible = useVisiblePages(pages);
  return (
    <nav aria-label={t("nav.console")} className="fixed inset-x-0 bottom-0 z-20 flex h-14 border-t border-line bg-surface md:hidden">
      {visible.slice(0, BOTTOM_ENTRIES).map((page) => (
        <Tab key={page.path} page={page} />
      ))}
      <Menu
        label={t("nav.more")}
        button={(trigger) => (
          <button type="button" {...trigger} className={TAB}>
            <MenuIcon aria-hidden="true" />
            {t("nav.more")}
          </button>
        )}
      >
        <button type="button" onClick={onPalette}>
          <Search className="size-4" aria-hidden="true" />
          {t("palette.open")}
        </button>
        {visible.slice(BOTTOM_ENTRIES).map((page) => (
          <Entry key={page.path} page={page} />
        ))}
        <hr />
        <a href="/">
          <ExternalLink className="size-4" aria-hidden="true" />
          {t("nav.publicSite")}
        </a>
        <AccountMenu />
        <div className="flex justify-end pt-1">
          <LanguageMenu />
        </div>
      </Menu>
    </nav>
  );
}
