import { memo, useLayoutEffect, useRef, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useServer } from "#shell/live-hooks.ts";
import { MeterBar } from "#ui/meter.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import type { LiveRecord } from "#wire/live-record.ts";
import { healthOf, levelOf, usageOf } from "../shared/health.ts";
import type { Health } from "../shared/health.ts";
import { healthWord } from "../shared/health-words.ts";
import { fitTiles, TILE_GAP } from "./fit-tiles.ts";

/** How much a tile has room for. */
type Detail = "meters" | "name" | "state";
const METERS_FROM = { width: 120, height: 76 };
const NAME_FROM = { width: 76, height: 26 };

const GROUNDS: Readonly<Record<Health, string>> = {
  up: "border-line bg-surface",
  warn: "border-warn bg-warn-soft",
  critical: "border-crit bg-crit-soft",
  offline: "border-off bg-off-soft wf-hatch",
  waiting: "border-line-2 bg-off-soft",
};

/** A tile for each server, as large as the screen lets them be: nothing scrolls. */
export function WallTiles({ ids }: { readonly ids: readonly number[] }) {
  const box = useRef<HTMLUListElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const fit = fitTiles(ids.length, size);
  return (
    <ul
      ref={box}
      className="grid min-h-0 min-w-0 flex-1 content-start overflow-hidden"
      style={{ gap: TILE_GAP, gridTemplateColumns: `repeat(${fit.columns}, minmax(0, 1fr))`, gridAutoRows: `${fit.height}px` }}
    >
      {size.width === 0 ? null : ids.map((id) => <Tile key={id} id={id} detail={detailOf(fit)} />)}
    </ul>
  );
}

function detailOf({ width, height }: { readonly width: number; readonly height: number }): Detail {
  if (width >= METERS_FROM.width && height >= METERS_FROM.height) return "meters";
  return width >= NAME_FROM.width && height >= NAME_FROM.height ? "name" : "state";
}

/** Everything a tile shows, as one text, so that a report without visible change draws nothing. */
function tileKey(record: LiveRecord | undefined): string {
  if (record === undefined) return "waiting,,,";
  const { cpu, memory } = usageOf(record);
  return (
    [healthOf(record), cpu, memory].map((part) => (typeof part === "number" ? Math.round(part) : (part ?? ""))).join(",") +
    `,${record.name}`
  );
}

const Tile = memo(function Tile({ id, detail }: { readonly id: number; readonly detail: Detail }) {
  const { t } = useFormats();
  const key = useServer(id, tileKey);
  const [state = "waiting", cpu = "", memory = "", ...rest] = key.split(",");
  const health = (["up", "warn", "critical", "offline"] as const).find((known) => known === state) ?? "waiting";
  const name = rest.join(",");
  return (
    <li
      className={`grid min-w-0 content-center gap-[0.35em] overflow-hidden rounded-cell border px-[0.6em] ${GROUNDS[health]}`}
      title={name}
    >
      <span className={`flex min-w-0 items-center gap-[0.4em] ${detail === "state" ? "justify-center" : ""}`}>
        {health === "up" && detail === "state" ? (
          <i className="size-1.5 rounded-full bg-ok" aria-hidden="true" />
        ) : (
          <StateIcon state={health} label={healthWord(t, health)} className="size-[1em]!" />
        )}
        <span className={detail === "state" ? "sr-only" : "truncate font-medium"}>{name}</span>
      </span>
      {detail === "meters" && cpu !== "" ? (
        <>
          <Reading label={t("metric.cpu")} percent={Number(cpu)} />
          <Reading label={t("metric.memoryShort")} percent={Number(memory)} />
        </>
      ) : null}
    </li>
  );
});

function Reading({ label, percent }: { readonly label: string; readonly percent: number }) {
  const { number } = useFormats();
  return (
    <span className="grid grid-cols-[2.6em_minmax(0,1fr)_2.8em] items-center gap-[0.4em] text-[0.8em] text-ink-2 tabular-nums">
      {label}
      <MeterBar value={percent} level={levelOf(percent)} />
      <span className="text-end">{number.percent(percent)}</span>
    </span>
  );
}
