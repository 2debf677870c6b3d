import type { ServerGroup } from "@windfire/api";
import type { TFunction } from "i18next";
import { memo, useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { useServer, useServers } from "#shell/live-hooks.ts";
import { Link } from "#shell/public-router.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import type { LiveRecord } from "#wire/live-store.ts";
import { healthOf, usageOf, worstFirst } from "../shared/health.ts";
import type { Health } from "../shared/health.ts";
import { healthWord } from "../shared/health-words.ts";
import { ProblemList } from "./problem-list.tsx";

export const HEAT_METRICS = ["cpu", "memory", "disk"] as const;
export type HeatMetric = (typeof HEAT_METRICS)[number];

/** Upper ends of the steps of the ramp, in percent. */
const STEPS = [10, 25, 45, 65, 82] as const;
const RAMP = ["var(--heat-0)", "var(--heat-1)", "var(--heat-2)", "var(--heat-3)", "var(--heat-4)", "var(--heat-5)"] as const;

export function heatStep(percent: number): number {
  const step = STEPS.findIndex((end) => percent < end);
  return step === -1 ? STEPS.length : step;
}

interface HeatProps {
  readonly ids: readonly number[];
  /** So many cells are drawn. */
  readonly most: number;
  readonly groups: readonly ServerGroup[];
  readonly metric: HeatMetric;
  readonly onMetric: (metric: HeatMetric) => void;
}

/** One cell per server, by group: a fleet of a thousand on one screen, and beside it who needs somebody. Problems are shapes, load is one hue from light to dark. */
export function HeatGrid({ ids, most, groups, metric, onMetric }: HeatProps) {
  const { t, number } = useFormats();
  const sections = upTo(most, heatSections(ids, groups, t("list.ungrouped")));
  const texts = useMemo(() => cellTexts(t), [t]);
  const size = ids.length > 60 ? "1.5rem" : "3rem";
  const shown = new Set(ids);
  const problems = worstFirst(useServers().filter(({ id }) => shown.has(id)));
  return (
    <div className={problems.length === 0 ? "" : "grid grid-cols-[minmax(0,1fr)_17rem] items-start gap-3 max-lg:grid-cols-1"}>
      <div className="wf-card grid gap-4 p-4">
        <Legend metric={metric} onMetric={onMetric} />
        {sections.map((section) => (
          <section key={section.name}>
            {sections.length === 1 && section.name === t("list.ungrouped") ? null : (
              <h2 className="mb-2 flex items-baseline gap-2 text-sm">
                {section.name} <span className="text-xs font-normal text-ink-3">{number.count(section.ids.length)}</span>
              </h2>
            )}
            <div className="grid gap-0.5" style={{ gridTemplateColumns: `repeat(auto-fill, minmax(${size}, 1fr))` }}>
              {section.drawn.map((id) => (
                <Cell key={id} id={id} metric={metric} texts={texts} />
              ))}
            </div>
          </section>
        ))}
      </div>
      {problems.length === 0 ? null : <ProblemList records={problems} />}
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
            <i key={colour} className="h-3 w-6" style={{ background: colour }} />
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

const SOFT = { warn: "bg-warn-soft", critical: "bg-crit-soft", offline: "bg-off-soft wf-hatch", waiting: "bg-off-soft" } as const;

/** Everything a cell shows, as one text, so that a report without visible change draws nothing. */
function cellKey(record: LiveRecord | undefined, metric: HeatMetric): string {
  if (record === undefined) return "waiting,,";
  const percent = usageOf(record)[metric];
  return `${healthOf(record)},${percent === undefined ? "" : Math.round(percent)},${record.name}`;
}

interface CellTexts {
  readonly words: Readonly<Record<Health, string>>;
  /** What a cell says of a server. */
  readonly label: (name: string, state: string) => string;
}

/** Characters that are in no text, for what is put into it. */
const NAME = "\uE000";
const STATE = "\uE001";

/** A thousand cells write their texts anew with each frame: the language is asked once for all of them. */
function cellTexts(t: TFunction): CellTexts {
  const pattern = t("list.cell", { name: NAME, state: STATE });
  const word = (health: Health) => healthWord(t, health);
  return {
    words: { up: word("up"), warn: word("warn"), critical: word("critical"), offline: word("offline"), waiting: word("waiting") },
    label: (name, state) => pattern.replace(STATE, () => state).replace(NAME, () => name),
  };
}

interface CellProps {
  readonly id: number;
  readonly metric: HeatMetric;
  readonly texts: CellTexts;
}

const Cell = memo(function Cell({ id, metric, texts }: CellProps) {
  const key = useServer(id, (record) => cellKey(record, metric));
  const [state = "waiting", percent = "", ...name] = key.split(",");
  const health = (["warn", "critical", "offline", "waiting"] as const).find((known) => known === state);
  const word = texts.words[health ?? "up"];
  const label = texts.label(name.join(","), percent === "" ? word : `${percent}%, ${word}`);
  return (
    <Link
      to={`/server/${id}`}
      title={label}
      aria-label={label}
      className={`grid aspect-square place-items-center rounded-cell hover:outline-2 hover:outline-ink ${health === undefined ? "" : SOFT[health]}`}
      style={health === undefined ? { background: percent === "" ? "var(--meter-track)" : RAMP[heatStep(Number(percent))] } : undefined}
    >
      {health === undefined ? null : <StateIcon state={health} className="size-[72%]! max-w-6" />}
    </Link>
  );
});
