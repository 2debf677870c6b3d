import { Link, useRouterState } from "@tanstack/react-router";
import { useFormats } from "#lib/formats.ts";
import type { ConsolePage } from "./pages.ts";
import { useProfile } from "./queries.ts";
import { mayDo } from "./rights.tsx";

export interface NavigationProps {
  readonly pages: readonly ConsolePage[];
  readonly onPalette: () => void;
}

const EXACT = { exact: true, includeSearch: false } as const;
/** Looks of an entry of the navigation. */
export const ENTRY =
  "flex min-h-8 items-center gap-2 rounded-control px-2 font-medium [@media(max-height:58rem)]:min-h-7 text-ink-2 hover:bg-hover hover:text-ink hover:no-underline aria-[current=page]:bg-sunken aria-[current=page]:text-ink dark:aria-[current=page]:bg-line [&_svg]:size-4 [&_svg]:flex-none";

/** Pages that stand in the navigation of whoever is signed in. */
export function useVisiblePages(pages: readonly ConsolePage[]): readonly ConsolePage[] {
  const profile = useProfile();
  return pages.filter((page) => page.icon !== undefined && mayDo(profile, page.needs));
}

/** Whether an entry stands for the page that is shown: its own, or one of those below it. */
function useIsCurrent({ path, under = [] }: ConsolePage): boolean {
  return useRouterState({
    select: ({ location }) => location.pathname === path || under.some((beginning) => location.pathname.startsWith(beginning)),
  });
}

/** The way to a page: an entry of a list, or whatever a class makes of it. */
export function PageLink({ page, className = ENTRY }: { readonly page: ConsolePage; readonly className?: string }) {
  const { t } = useFormats();
  const Icon = page.icon;
  const current = useIsCurrent(page);
  return (
    <Link to={page.path} activeOptions={EXACT} className={className} {...(current ? { "aria-current": "page" } : {})}>
      {Icon === undefined ? null : <Icon aria-hidden="true" />}
      {t(page.label)}
    </Link>
  );
}
