import type { ReactNode } from "react";
import { LatencyTab } from "#features/history/public/latency-tab.tsx";
import { MetricsTab } from "#features/history/public/metrics-tab.tsx";
import { useFormats } from "#lib/formats.ts";
import { StaleBanner } from "#shell/connection.tsx";
import { useHasFrame, useServerRecord } from "#shell/live-hooks.ts";
import { usePublicSite } from "#shell/public-data.tsx";
import { useTitle } from "#shell/public-shell.tsx";
import { useResource } from "#shell/resource-hook.ts";
import { oneOf, useSearchState } from "#shell/navigation.ts";
import { Link } from "#shell/public-link.tsx";
import { usePathId } from "#shell/public-router-context.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { useSettled } from "#ui/use-settled.ts";
import type { LiveRecord } from "#wire/live-record.ts";
import { DetailHead } from "#features/servers/public/detail-head.tsx";
import { DetailsTab } from "#features/servers/public/details-tab.tsx";
import { EventsTab } from "#features/servers/public/events-tab.tsx";
import { TrafficTab } from "#features/servers/public/traffic-tab.tsx";
import { NowTiles } from "#features/servers/public/now-tiles.tsx";
import { SignInCard } from "#shell/sign-in-card.tsx";

const TABS = ["metrics", "latency", "traffic", "events", "details"] as const;

/** One server: what it is, how it is now, how it was. */
export function ServerDetailPage() {
  const { t } = useFormats();
  const id = usePathId();
  const record = useServerRecord(Number(id));
  const known = useHasFrame();
  const groups = useResource(usePublicSite().groups);
  useTitle(record?.name ?? (known ? t("detail.unknown") : ""));
  if (record !== undefined) return <Detail record={record} />;
  if (!known) return groups.error === undefined ? <Loading /> : <SignInCard error={groups.error} />;
  return (
    <div className="pt-16">
      <EmptyState
        first
        title={t("detail.unknown")}
        action={
          <Link to="/" className="wf-btn">
            {t("error.backHome")}
          </Link>
        }
      >
        {t("detail.unknownHelp")}
      </EmptyState>
    </div>
  );
}

function Detail({ record }: { readonly record: LiveRecord }) {
  const { t } = useFormats();
  const [search, change] = useSearchState();
  const tab = oneOf(search["tab"], TABS) ?? "metrics";
  const settled = useSettled();
  return (
    <div className="server-info">
      <StaleBanner />
      <DetailHead record={record} />
      <NowTiles record={record} />
      <nav aria-label={t("detail.sections")} className="server-info-tab wf-tabs">
        {TABS.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={name === tab ? "page" : undefined}
            onClick={() => change({ tab: name === "metrics" ? "" : name, zoom: "" })}
          >
            {t(`detail.tab.${name}`)}
          </button>
        ))}
      </nav>
      {/* What the server is and how it is now is there first: nobody waits for charts to see that. */}
      {settled ? <TabBody tab={tab} record={record} /> : <Skeleton className="mt-4 h-96 w-full rounded-card!" />}
    </div>
  );
}

function TabBody({ tab, record }: { readonly tab: (typeof TABS)[number]; readonly record: LiveRecord }): ReactNode {
  if (tab === "latency") return <LatencyTab id={record.id} />;
  if (tab === "traffic") return <TrafficTab record={record} />;
  if (tab === "events") return <EventsTab record={record} />;
  return tab === "details" ? <DetailsTab record={record} /> : <MetricsTab record={record} />;
}

function Loading() {
  const { t } = useFormats();
  return (
    <div role="status" aria-label={t("live.connecting")} className="grid gap-4 pt-8">
      <Skeleton className="h-8 w-72" />
      <Skeleton className="h-24 w-full rounded-card!" />
      <Skeleton className="h-64 w-full rounded-card!" />
    </div>
  );
}
