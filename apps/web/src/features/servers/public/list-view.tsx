import type { ServerGroup } from "@windfire/api";
import { memo, useCallback, useRef } from "react";
import { useServer } from "#shell/live-hooks.ts";
import { Link } from "#shell/public-link.tsx";
import { useNear } from "#ui/use-near.ts";
import { HeatGrid } from "./heat-grid.tsx";
import type { HeatMetric } from "./heat-model.ts";
import type { Sort, View } from "./list-model.ts";
import type { CycleTraffic } from "./plan-line.tsx";
import { ServerCard } from "./server-card.tsx";
import { ServerTable } from "./server-table.tsx";

/** More cards than this are drawn only where they can be seen. */
const MOST_CARDS = 60;
/** These are drawn at once: they are on the screen when the page is opened. */
const FIRST_CARDS = 16;

interface ViewProps {
  readonly view: View;
  readonly ids: readonly number[];
  /** So many of them are drawn. */
  readonly most: number;
  readonly sort: Sort;
  readonly groups: readonly ServerGroup[];
  readonly traffic: ReadonlyMap<number, CycleTraffic>;
  readonly metric: HeatMetric;
  readonly onChange: (next: Readonly<Record<string, string>>) => void;
}

/** The list as cards, table or heat grid. */
export const ListView = memo(function ListView({ view, ids, most, sort, groups, traffic, metric, onChange }: ViewProps) {
  const onMetric = useCallback((next: HeatMetric) => onChange({ metric: next }), [onChange]);
  if (view === "table")
    return <ServerTable ids={ids} most={most} sort={sort} traffic={traffic} onSort={(next) => onChange({ sort: next })} />;
  if (view === "heat") return <HeatGrid ids={ids} most={most} groups={groups} metric={metric} onMetric={onMetric} />;
  return (
    <div className="server-card-list grid grid-cols-[repeat(auto-fill,minmax(17.5rem,1fr))] gap-3 max-sm:grid-cols-1">
      {ids
        .slice(0, most)
        .map((id, at) =>
          ids.length > MOST_CARDS ? (
            <FarCard key={id} id={id} traffic={traffic.get(id)} first={at < FIRST_CARDS} />
          ) : (
            <ServerCard key={id} id={id} traffic={traffic.get(id)} />
          ),
        )}
    </div>
  );
});

interface FarCardProps {
  readonly id: number;
  readonly traffic: CycleTraffic | undefined;
  readonly first: boolean;
}

/** A card that is drawn only near the screen; elsewhere its name keeps the place. */
function FarCard({ id, traffic, first }: FarCardProps) {
  const place = useRef<HTMLDivElement>(null);
  const near = useNear(place, first);
  const name = useServer(id, (record) => record?.name ?? "");
  return (
    <div ref={place} className="grid min-h-48.5">
      {near ? (
        <ServerCard id={id} traffic={traffic} />
      ) : (
        <Link to={`/server/${id}`} className="wf-card p-4 font-strong text-ink">
          {name}
        </Link>
      )}
    </div>
  );
}
