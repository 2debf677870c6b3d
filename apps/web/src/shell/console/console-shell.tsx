import { Outlet, useNavigate, useRouter } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { Suspense, useCallback, useEffect, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { StateIcon } from "#ui/state-icon.tsx";
import { isSignedOut } from "#wire/api-error.ts";
import { useApp } from "../app-context.tsx";
import { ThemeMenu, LanguageMenu } from "../appearance-menus.tsx";
import { StaleBanner, useConnection } from "../connection.tsx";
import { PageError } from "../error-boundary.tsx";
import { BottomBar } from "./bottom-bar.tsx";
import { ConfirmIdentity } from "./confirm-identity.tsx";
import { KeyList } from "./key-list.tsx";
import { PAGE_BAR_ID } from "./page-bar.tsx";
import type { ConsolePage } from "./pages.ts";
import { useRead } from "./queries.ts";
import { SessionDialog } from "./session-dialog.tsx";
import { Sidebar } from "./sidebar.tsx";
import { useKeys } from "./use-keys.ts";

interface ShellProps {
  readonly pages: readonly ConsolePage[];
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
  const onPaletteDone = useCallback(() => setGoing(false), []);
  const [listing, setListing] = useState(false);
  const onKeyList = useCallback(() => setListing(true), []);
  useKeys(onPalette, onKeyList);
  if (!signedIn) return profile.error === null || out ? null : <PageError error={profile.error} />;
  return (
    <>
      <a href="#main" className="absolute start-4 -top-16 z-50 rounded-control bg-surface px-4 py-2 focus:top-2">
        {t("nav.skip")}
      </a>
      <div className="grid min-h-dvh grid-cols-[var(--side)_minmax(0,1fr)] max-md:grid-cols-[minmax(0,1fr)]">
        <Sidebar pages={pages} onPalette={onPalette} onKeyList={onKeyList} />
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
      <ConfirmIdentity />
      {listing ? <KeyList onClose={() => setListing(false)} /> : null}
      {going ? (
        <Suspense>
          <Palette pages={pages} onClose={onPaletteDone} />
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
