import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useMemo } from "react";
import { changedSearch, NavigationContext } from "../navigation.ts";
import type { Navigation, SearchParams } from "../navigation.ts";

/** Gives features the address by way of the console's router. */
export function ConsoleNavigation({ children }: { readonly children: ReactNode }) {
  const search: SearchParams = useSearch({ strict: false });
  const navigate = useNavigate();
  const value = useMemo((): Navigation => {
    const change: Navigation["change"] = (next, options) =>
      void navigate({
        to: ".",
        search: (before: SearchParams) => changedSearch(before, next),
        replace: options?.push !== true,
        resetScroll: false,
      });
    return { search, change };
  }, [search, navigate]);
  return <NavigationContext value={value}>{children}</NavigationContext>;
}
