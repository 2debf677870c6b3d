import { Link, useRouterState } from "@tanstack/react-router";
import { useRef } from "react";
import { useCurrentInSight } from "#ui/use-current-in-sight.ts";

const EXACT = { exact: true, includeSearch: false } as const;

/** Pages that belong together, one of them shown. Where they do not fit, the one that is shown is in sight. */
export function PageTabs({
  label,
  tabs,
}: {
  readonly label: string;
  readonly tabs: readonly { readonly to: string; readonly label: string }[];
}) {
  const ref = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useCurrentInSight(ref, path);
  return (
    <nav ref={ref} aria-label={label} className="wf-tabs">
      {tabs.map((tab) => (
        <Link key={tab.to} to={tab.to} activeOptions={EXACT}>
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
