import { Link } from "@tanstack/react-router";
import { ExternalLink, Search } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { Brand } from "../brand.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { ENTRY, PageLink, useVisiblePages } from "./page-link.tsx";
import type { NavigationProps } from "./page-link.tsx";
import { SECTIONS } from "./pages.ts";
import { useSetting } from "./queries.ts";

/** Navigation of wide screens. */
export function Sidebar({ pages, onPalette, onKeyList }: NavigationProps & { readonly onKeyList: () => void }) {
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
      <div className="wf-fades -mx-1 flex min-h-0 flex-1 flex-col gap-1 overflow-y-auto px-1 [scrollbar-width:thin]">
        {SECTIONS.map((section) => {
          const own = visible.filter((page) => page.section === section);
          if (own.length === 0) return null;
          return (
            <div key={section} className="grid gap-0.5">
              {section === "main" || section === "site" ? (
                <span className="h-1" />
              ) : (
                <h2 className="px-2 pt-3 pb-1 [@media(max-height:58rem)]:pt-2 [@media(max-height:58rem)]:pb-0.5 text-xs font-medium tracking-normal text-ink-3">
                  {t(`section.${section}`)}
                </h2>
              )}
              {own.map((page) => (
                <PageLink key={page.path} page={page} />
              ))}
            </div>
          );
        })}
      </div>
      <a href="/" className={ENTRY}>
        <ExternalLink aria-hidden="true" />
        {t("nav.publicSite")}
      </a>
      <AccountMenu onKeyList={onKeyList} />
    </nav>
  );
}
