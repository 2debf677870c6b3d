import { Menu as MenuIcon, Search } from "lucide-react";
import type { ReactNode } from "react";
import { memo } from "react";
import { useFormats } from "#lib/formats.ts";
import { Menu } from "#ui/menu.tsx";
import { IconButton } from "#ui/button.tsx";
import { useSettled } from "#ui/use-settled.ts";
import type { LiveStatus } from "#wire/live-store.ts";
import { LanguageMenu, ThemeMenu } from "./appearance-menus.tsx";
import { Brand } from "./brand.tsx";
import { useConnection } from "./connection.tsx";
import { useHasPlaces, useStatus } from "./live-hooks.ts";
import { usePublicSite, useSignedIn } from "./public-data.tsx";
import { useKeyDialog } from "./public-key-help.tsx";
import { Link } from "./public-link.tsx";
import { useIsBelow } from "./public-router-context.ts";
import { useResource } from "./resource-hook.ts";
import { useTabTitle } from "./tab-title.ts";

export const DEFAULT_SITE_NAME = "Windfire";

export function useSiteName(): string {
  const name = useResource(usePublicSite().setting).data?.config.site_name;
  return name === undefined || name === "" ? DEFAULT_SITE_NAME : name;
}

/** Header, page, footer. */
export function PublicShell({ children }: { readonly children: ReactNode }) {
  const { t } = useFormats();
  const connection = useConnection();
  const settled = useSettled();
  return (
    <>
      <a href="#main" className="absolute start-4 -top-16 z-50 rounded-control bg-surface px-4 py-2 focus:top-2">
        {t("nav.skip")}
      </a>
      <Header />
      <main id="main" className="mx-auto max-w-(--page) px-6 max-sm:px-4">
        {/* The footer starts below the screen: what arrives above cannot push it while it is seen. */}
        <div className={`min-h-dvh ${connection === "stale" ? "wf-stale" : ""}`}>{children}</div>
        {settled ? <Footer /> : null}
      </main>
    </>
  );
}

const Header = memo(function Header() {
  const { t } = useFormats();
  const { siteLogo, siteDescription } = usePublicSite();
  const name = useSiteName();
  const open = useKeyDialog();
  return (
    <header className="header-top sticky top-0 z-20 border-b border-line bg-canvas/90 backdrop-blur-md print:hidden">
      <div className="mx-auto flex h-14 max-w-(--page) items-center gap-5 px-6 max-md:gap-3 max-sm:px-4">
        <Link
          to="/"
          className="header-logo flex min-w-0 items-center gap-2 text-lg font-strong text-ink hover:no-underline"
          title={siteDescription}
        >
          <Brand name={name} logo={siteLogo} />
        </Link>
        <nav aria-label={t("nav.site")} className="flex gap-1 max-sm:hidden">
          <NavLinks />
        </nav>
        <span className="flex-1" />
        <div className="header-handles flex items-center gap-2 max-sm:gap-0">
          <IconButton size="normal" label={t("palette.open")} title={`${t("palette.open")} (Ctrl K)`} onClick={() => open("palette")}>
            <Search className="size-4" aria-hidden="true" />
          </IconButton>
          <span className="max-sm:hidden">
            <LanguageMenu />
          </span>
          <ThemeMenu />
          <span className="max-sm:hidden">
            <SignInLink />
          </span>
          <span className="sm:hidden">
            <PhoneMenu />
          </span>
        </div>
      </div>
    </header>
  );
});

const NAV_LINK =
  "rounded-control px-2.5 py-1.5 font-medium text-ink-2 hover:bg-sunken hover:text-ink hover:no-underline aria-[current=page]:bg-sunken aria-[current=page]:text-ink dark:hover:bg-hover dark:aria-[current=page]:bg-hover";

function NavLinks() {
  const { t } = useFormats();
  const { services, setting, siteLinks } = usePublicSite();
  const overview = useResource(services).data;
  const hasStatusPage = useResource(setting).data?.status_page === true;
  const onServer = useIsBelow("/server/");
  const hasPlaces = useHasPlaces();
  return (
    <>
      <Link to="/" className={NAV_LINK} {...(onServer ? { "aria-current": "page" as const } : {})}>
        {t("nav.servers")}
      </Link>
      {Object.keys(overview?.services ?? {}).length === 0 ? null : (
        <Link to="/service" className={NAV_LINK}>
          {t("nav.services")}
        </Link>
      )}
      {hasStatusPage ? (
        <a href="/status" className={NAV_LINK}>
          {t("nav.status")}
        </a>
      ) : null}
      {hasPlaces ? (
        <Link to="/map" className={NAV_LINK}>
          {t("nav.map")}
        </Link>
      ) : null}
      {siteLinks.map((link) => (
        <a key={link.link + link.name} href={link.link} target="_blank" rel="noreferrer" className={NAV_LINK}>
          {link.name}
        </a>
      ))}
    </>
  );
}

function SignInLink({ className = "wf-btn" }: { readonly className?: string }) {
  const { t } = useFormats();
  const signedIn = useSignedIn();
  return (
    <a href="/dashboard/" className={className}>
      {t(signedIn ? "nav.console" : "nav.signIn")}
    </a>
  );
}

function PhoneMenu() {
  const { t } = useFormats();
  return (
    <Menu
      label={t("nav.menu")}
      button={(trigger) => (
        <IconButton size="normal" label={t("nav.menu")} {...trigger}>
          <MenuIcon className="size-4" aria-hidden="true" />
        </IconButton>
      )}
    >
      <NavLinks />
      <hr />
      <SignInLink className="" />
      <PhoneLanguages />
    </Menu>
  );
}

function PhoneLanguages() {
  return (
    <div className="flex justify-end pt-1">
      <LanguageMenu />
    </div>
  );
}

const viewersOf = ({ viewers }: LiveStatus) => viewers;

const Footer = memo(function Footer() {
  const { t, time } = useFormats();
  const viewers = useStatus(viewersOf);
  const open = useKeyDialog();
  const setting = useResource(usePublicSite().setting).data;
  return (
    <footer className="server-footer mt-10 flex flex-wrap gap-x-5 gap-y-2 border-t border-line pt-5 pb-8 text-sm text-ink-3 print:hidden">
      <span>{t("footer.zone", { zone: time.zone })}</span>
      <a href="/api/openapi.json">{t("footer.api")}</a>
      <Link to="/wall">{t("nav.wall")}</Link>
      <button type="button" className="text-link hover:underline" onClick={() => open("list")}>
        {t("keys.title")}
      </button>
      <span className="flex-1" />
      <span className="server-footer-name">{setting?.version === undefined ? "Windfire" : `Windfire ${setting.version}`}</span>
      {viewers === 0 ? null : <span>{t("footer.viewers", { count: viewers })}</span>}
    </footer>
  );
});

/** The name of a public page, in the tab. */
export function useTitle(page: string): void {
  useTabTitle(page, useSiteName());
}
