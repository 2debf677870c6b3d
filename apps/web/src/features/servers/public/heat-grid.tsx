import type { ServerGroup } from "@windfire/api";
import type { ReactNode } from "react";
import { memo, useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { useFleet } from "#shell/live-hooks.ts";
import { useLinksWithin } from "#shell/public-link.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import { worstFirst } from "../shared/health.ts";
import { cellTexts } from "./heat-cell.tsx";
import { HeatCells, MOST_AT_ONCE } from "./heat-cells.tsx";
import { HEAT_METRICS, RAMP } from "./heat-model.ts";
import type { HeatMetric } from "./heat-model.ts";
import { ProblemList } from "./problem-list.tsx";

interface HeatProps {
  readonly ids: readonly number[];
  /** So many cells are drawn. */
  readonly most: number;
  readonly groups: readonly ServerGroup[];
  readonly metric: HeatMetric;
  readonly onMetric: (metric: HeatMetric) => void;
}

/** One cell per server, by group: a fleet of a thousand on one screen, and beside it who needs somebody. Problems are shapes, load is one hue from light to dark. */
export const HeatGrid = memo(function HeatGrid({ ids, most, groups, metric, onMetric }: HeatProps) {
  const { t, number } = useFormats();
  const sections = useMemo(() => upTo(most, heatSections(ids, groups, t("list.ungrouped"))), [ids, most, groups, t]);
  const texts = useMemo(() => cellTexts(t), [t]);
  const links = useLinksWithin();
  const size = ids.length > 60 ? "1.5rem" : "3rem";
  return (
    <WithProblems ids={ids}>
      <div className="wf-card grid gap-4 p-4" {...links}>
        <Legend metric={metric} onMetric={onMetric} />
        {sections.map((section) => (
          <section key={section.name}>
            {sections.length === 1 && section.name === t("list.ungrouped") ? null : (
              <h2 className="mb-2 flex items-baseline gap-2 text-sm">
                {section.name} <span className="text-xs font-normal text-ink-3">{number.count(section.ids.length)}</span>
              </h2>
            )}
            <HeatCells ids={section.drawn} whole={ids.length <= MOST_AT_ONCE} size={size} metric={metric} texts={texts} />
          </section>
        ))}
      </div>
    </WithProblems>
  );
});

/** What changes with every frame is beside the grid, which does not. */
function WithProblems({ ids, children }: { readonly ids: readonly number[]; readonly children: ReactNode }) {
  const shown = useMemo(() => new Set(ids), [ids]);
  const records = worstFirst(useFleet().filter(({ id }) => shown.has(id)));
  return (
    <div className={records.length === 0 ? "" : "grid grid-cols-[minmax(0,1fr)_17rem] items-start gap-3 max-lg:grid-cols-1"}>
      {children}
      {records.length === 0 ? null : <ProblemList records={records} />}
    </div>
  );
}

/** Servers under the first of their groups, in the order of groups; the rest under `others`. */
export function heatSections(ids: readonly number[], groups: readonly ServerGroup[], others: string): { name: string; ids: number[] }[] {
  const placed = new Set<number>();
  const sections = groups.map(({ group, servers }) => {
    const members = new Set(servers ?? []);
    const own = ids.filter((id) => members.has(id) && !placed.has(id));
    for (const id of own) placed.add(id);
    return { name: group.name, ids: own };
  });
  return [...sections, { name: others, ids: ids.filter((id) => !placed.has(id)) }].filter((section) => section.ids.length > 0);
}

/** Each section with those of its servers that are among the first `most` of all. */
function upTo<S extends { readonly ids: readonly number[] }>(most: number, sections: readonly S[]): (S & { drawn: readonly number[] })[] {
  let left = most;
  return sections.map((section) => {
    const drawn = section.ids.slice(0, Math.max(0, left));
    left -= drawn.length;
    return { ...section, drawn };
  });
}

function Legend({ metric, onMetric }: { readonly metric: HeatMetric; readonly onMetric: (metric: HeatMetric) => void }) {
  const { t } = useFormats();
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-xs text-ink-2">
      <select
        className="wf-input w-auto!"
        aria-label={t("heat.metric")}
        value={metric}
        onChange={(event) => onMetric(HEAT_METRICS.find((known) => known === event.target.value) ?? "cpu")}
      >
        {HEAT_METRICS.map((key) => (
          <option key={key} value={key}>
            {t(`metric.${key}`)}
          </option>
        ))}
      </select>
      <span className="inline-flex items-center gap-1.5">
        0%
        <span className="flex" aria-hidden="true">
          {RAMP.map((colour) => (
            <i key={colour} className="forced-color-adjust-none h-3 w-6" style={{ background: colour }} />
          ))}
        </span>
        100%
      </span>
      {(["warn", "critical", "offline"] as const).map((state) => (
        <span key={state} className="inline-flex items-center gap-1.5">
          <StateIcon state={state} />
          {t(`state.${state}`)}
        </span>
      ))}
    </div>
  );
}
