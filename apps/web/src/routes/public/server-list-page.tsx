import type { ServerGroup } from "@windfire/api";
import { memo, useCallback, useMemo, useRef } from "react";
import { useFormats } from "#lib/formats.ts";
import { createFilter } from "#lib/filter.ts";
import { STORAGE_KEYS } from "#lib/storage.ts";
import { ServicesSection } from "#features/services/public/services-section.tsx";
import { serviceList } from "#features/services/shared/service-model.ts";
import { useApp } from "#shell/app-context.tsx";
import { StaleBanner } from "#shell/connection.tsx";
import { useFleet, useHasFrame } from "#shell/live-hooks.ts";
import { usePublicSite, useSignedIn } from "#shell/public-data.tsx";
import { useTitle } from "#shell/public-shell.tsx";
import { useResource } from "#shell/resource-hook.ts";
import { oneOf, useSearchState } from "#shell/navigation.ts";
import type { ChangeSearch } from "#shell/navigation.ts";
import { readSiteGlobals } from "#shell/site-globals.ts";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { useSettled } from "#ui/use-settled.ts";
import { cycleTraffic } from "#features/servers/public/cycle-traffic.ts";
import { FleetStrip } from "#features/servers/public/fleet-strip.tsx";
import { initialSort } from "#features/servers/public/initial-sort.ts";
import { HEAT_METRICS } from "#features/servers/public/heat-model.ts";
import { defaultView, filterFields, groupNames, listServers, sumFleet, SORTS, VIEWS } from "#features/servers/public/list-model.ts";
import type { View } from "#features/servers/public/list-model.ts";
import { ListTools } from "#features/servers/public/list-tools.tsx";
import { ListView } from "#features/servers/public/list-view.tsx";
import type { CycleTraffic } from "#features/servers/public/plan-line.tsx";
import { SignInCard } from "#shell/sign-in-card.tsx";
import { StateAnnouncer } from "#features/servers/public/state-announcer.tsx";
import { Statement } from "#features/servers/public/statement.tsx";
import { useHeldOrder } from "#features/servers/public/use-held-order.ts";

/** The start page: sentence, fleet strip, list, services. */
export function ServerListPage() {
  const { t } = useFormats();
  const site = usePublicSite();
  const groups = useResource(site.groups);
  const services = useResource(site.services);
  const known = useHasFrame();
  const settled = useSettled();
  const traffic = useMemo(() => cycleTraffic(services.data), [services.data]);
  const watched = useMemo(() => serviceList(services.data), [services.data]);
  useTitle("");
  if (groups.error !== undefined && !known) return <SignInCard error={groups.error} />;
  if (!known) return <Loading />;
  return (
    <>
      <StaleBanner />
      <FleetPage
        groups={groups.data}
        waiting={groups.data === undefined && groups.error === undefined}
        traffic={traffic}
        watched={watched}
      />
      {settled ? <ServicesSection overview={services.data} /> : null}
      <StateAnnouncer />
      <p className="sr-only">{t("list.keys")}</p>
    </>
  );
}

const NO_GROUPS: readonly ServerGroup[] = [];

interface FleetProps {
  readonly groups: readonly ServerGroup[] | undefined;
  /** The groups are on their way. */
  readonly waiting: boolean;
  readonly traffic: ReadonlyMap<number, CycleTraffic>;
  readonly watched: ReturnType<typeof serviceList>;
}

const HOUR_MS = 3_600_000;

const FleetPage = memo(function FleetPage({ groups = NO_GROUPS, waiting, traffic, watched }: FleetProps) {
  const { country } = useFormats();
  const { preferences, live } = useApp();
  const settled = useSettled();
  const records = useFleet();
  const [search, change] = useSearchState();
  const list = useRef<HTMLDivElement>(null);
  const forced = useMemo(() => readSiteGlobals(globalThis), []);
  const view =
    oneOf(search["view"], VIEWS) ??
    oneOf(preferences.read(STORAGE_KEYS.view), VIEWS) ??
    (forced.inline ? "table" : defaultView(records.length));
  const { group = "", q: query = "" } = search;
  const sort = oneOf(search["sort"], SORTS) ?? initialSort(forced);
  const options = useMemo(() => ({ group, query, sort }), [group, query, sort]);
  const names = useMemo(() => groupNames(groups), [groups]);
  // Renewals count in days: nothing is made anew for them with every frame.
  const hour = Math.floor(live.store.serverNow() / HOUR_MS) * HOUR_MS;
  const fields = useMemo(() => filterFields(names, country, hour), [names, country, hour]);
  const filter = useMemo(() => createFilter(query, fields), [query, fields]);
  const ids = useHeldOrder(list, listServers(records, options, { filter, fields, groups: names }), `${group} ${query} ${sort}`);
  const setOptions = useCallback<ChangeSearch>(
    (next, how) => {
      if (next["view"] !== undefined) preferences.write(STORAGE_KEYS.view, next["view"]);
      change(next, how);
    },
    [change, preferences],
  );
  if (records.length === 0) return <NoServers />;
  return (
    <>
      <Statement
        sums={sumFleet(records)}
        services={{
          up: watched.filter(({ state }) => state === "up").length,
          // Of one that nobody has answered for yet it is not known.
          total: watched.filter(({ state }) => state !== "waiting").length,
        }}
      />
      <FleetStrip ids={ids} />
      {waiting ? <ToolsSkeleton /> : <ListTools options={options} view={view} groups={groups} filter={filter} onChange={setOptions} />}
      <div ref={list}>
        {waiting ? (
          <CardSkeletons />
        ) : ids.length === 0 ? (
          <NothingMatches onClear={() => change({ q: "", group: "" })} />
        ) : (
          <ListView
            view={view}
            ids={ids}
            most={settled ? ids.length : FIRST_SCREEN[view]}
            sort={sort}
            groups={groups}
            traffic={traffic}
            metric={oneOf(search["metric"], HEAT_METRICS) ?? "cpu"}
            onChange={change}
          />
        )}
      </div>
    </>
  );
});

/** Whatever the size of the screen, no more of the list is seen without scrolling. */
const FIRST_SCREEN: Readonly<Record<View, number>> = { cards: 16, table: 24, heat: 160 };

function NoServers() {
  const { t } = useFormats();
  const signedIn = useSignedIn();
  const action = (
    <a href="/dashboard/servers?add=1" className="wf-btn" data-kind="primary">
      {t("list.addFirst")}
    </a>
  );
  return (
    <div className="pt-10">
      <h1 className="sr-only">{t("nav.servers")}</h1>
      <EmptyState title={t("list.none")} {...(signedIn ? { action } : {})}>
        {t("list.noneHelp")}
      </EmptyState>
    </div>
  );
}

function NothingMatches({ onClear }: { readonly onClear: () => void }) {
  const { t } = useFormats();
  return <EmptyState title={t("list.noMatch")} action={<Button onClick={onClear}>{t("list.showAll")}</Button>} />;
}

/** Takes the room that the page will take, so that nothing moves when it comes. */
function Loading() {
  const { t } = useFormats();
  return (
    <div role="status" aria-label={t("live.connecting")}>
      <h1 className="sr-only">{t("nav.servers")}</h1>
      <div className="grid gap-2 pt-8 pb-5 max-sm:pt-5">
        <Skeleton className="h-8 w-96 max-w-full" />
        <Skeleton className="h-5 w-72 max-w-full" />
      </div>
      <Skeleton className="mb-5 h-9 w-full max-sm:h-7" />
      <ToolsSkeleton />
      <CardSkeletons />
    </div>
  );
}

function ToolsSkeleton() {
  return <Skeleton className="mb-4 h-9 w-full" />;
}

function CardSkeletons() {
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(17.5rem,1fr))] gap-3 max-sm:grid-cols-1">
      {Array.from({ length: 8 }, (_, i) => (
        <Skeleton key={i} className="h-48.5 rounded-card!" />
      ))}
    </div>
  );
}
