import { ExternalLink, Menu as MenuIcon, Search } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { Menu } from "#ui/menu.tsx";
import { LanguageMenu } from "../appearance-menus.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { PageLink, useVisiblePages } from "./page-link.tsx";
import type { NavigationProps } from "./page-link.tsx";

const BOTTOM_ENTRIES = 4;
const TAB =
  "flex flex-1 flex-col items-center justify-center gap-0.5 text-2xs font-medium text-ink-2 hover:no-underline aria-[current=page]:text-ink [&_svg]:size-5";

/** Phones: the first entries within reach of the thumb, the rest behind "More". */
export function BottomBar({ pages, onPalette }: NavigationProps) {
  const { t } = useFormats();
  const visible = useVisiblePages(pages);
  return (
    <nav aria-label={t("nav.console")} className="fixed inset-x-0 bottom-0 z-20 flex h-14 border-t border-line bg-surface md:hidden">
      {visible.slice(0, BOTTOM_ENTRIES).map((page) => (
        <PageLink key={page.path} page={page} className={TAB} />
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
          <PageLink key={page.path} page={page} />
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
