import type { TFunction } from "i18next";
import { memo, useEffect, useRef } from "react";
import { useApp } from "#shell/app-context.tsx";
import { useServer } from "#shell/live-hooks.ts";
import { Link } from "#shell/public-router.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import type { LiveRecord } from "#wire/live-store.ts";
import { healthOf, usageOf } from "../shared/health.ts";
import type { Health } from "../shared/health.ts";
import { healthWord } from "../shared/health-words.ts";
import { heatStep, RAMP } from "./heat-model.ts";
import type { HeatMetric } from "./heat-model.ts";

const SOFT = { warn: "bg-warn-soft", critical: "bg-crit-soft", offline: "bg-off-soft wf-hatch", waiting: "bg-off-soft" } as const;

export interface CellTexts {
  readonly words: Readonly<Record<Health, string>>;
  /** What a cell says of a server. */
  readonly label: (name: string, state: string) => string;
}

/** Characters that are in no text, for what is put into it. */
const NAME = "\uE000";
const STATE = "\uE001";

/** A thousand cells write their texts anew with each frame: the language is asked once for all of them. */
export function cellTexts(t: TFunction): CellTexts {
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

/**
 * One server. Its figure changes with every report, and there may be a thousand: that is written to the element itself, and React draws
 * again only when the shape changes.
 */
export const HeatCell = memo(function HeatCell({ id, metric, texts }: CellProps) {
  const { store } = useApp().live;
  const link = useRef<HTMLAnchorElement>(null);
  const health = useServer(id, (record) => (record === undefined ? "waiting" : healthOf(record)));
  const shape = health === "up" ? undefined : health;
  const { label, background } = cellLook(store.server(id), metric, texts);
  useEffect(() => {
    const { current } = link;
    if (current === null) return;
    let shown = "";
    const paint = () => {
      const look = cellLook(store.server(id), metric, texts);
      if (look.label === shown) return;
      shown = look.label;
      current.title = look.label;
      current.ariaLabel = look.label;
      current.style.background = look.background;
    };
    paint();
    return store.subscribeServer(id, paint);
  }, [store, id, metric, texts, shape]);
  return (
    <Link
      ref={link}
      to={`/server/${id}`}
      title={label}
      aria-label={label}
      className={`forced-color-adjust-none grid aspect-square place-items-center rounded-cell hover:outline-2 hover:outline-ink ${shape === undefined ? "" : SOFT[shape]}`}
      style={{ background }}
    >
      {shape === undefined ? null : <StateIcon state={shape} className="size-[72%]! max-w-6" />}
    </Link>
  );
});

function cellLook(
  record: LiveRecord | undefined,
  metric: HeatMetric,
  texts: CellTexts,
): { readonly label: string; readonly background: string } {
  const health = record === undefined ? "waiting" : healthOf(record);
  const percent = record === undefined ? undefined : usageOf(record)[metric];
  const word = texts.words[health];
  const label = texts.label(record?.name ?? "", percent === undefined ? word : `${Math.round(percent)}%, ${word}`);
  if (health !== "up") return { label, background: "" };
  return { label, background: percent === undefined ? "var(--meter-track)" : (RAMP[heatStep(Math.round(percent))] ?? "") };
}
