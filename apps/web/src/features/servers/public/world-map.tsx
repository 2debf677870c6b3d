import { Minus, Plus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { outline, places, size } from "virtual:world-map";
import { useFormats } from "#lib/formats.ts";
import { Link } from "#shell/public-link.tsx";
import { IconButton } from "#ui/button.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import type { Health } from "../shared/health.ts";
import { healthWord } from "../shared/health-words.ts";
import { movedMap, shownMap, wholeMap } from "./map-model.ts";
import type { CountryServers, MapWindow } from "./map-model.ts";

const STEP = 1.6;
/** Part of the shown width by which an arrow key moves. */
const KEY_MOVE = 0.15;
const DOTS: Readonly<Record<Health, string>> = {
  up: "bg-ok-soft border-ok",
  warn: "bg-warn-soft border-warn",
  critical: "bg-crit-soft border-crit",
  offline: "bg-off-soft border-off",
  waiting: "bg-off-soft border-line-2",
};

interface MapProps {
  readonly countries: readonly CountryServers[];
  /** Of the list that dots lead to; "" for all. */
  readonly group: string;
  readonly marked: string | undefined;
}

/** Outlines of the land with a dot for each country: as large as it has servers, as its worst one. Moves by pointer and by key. */
export function WorldMap({ countries, group, marked }: MapProps) {
  const { t } = useFormats();
  const [window, setWindow] = useState<MapWindow>(() => wholeMap(size));
  const box = useRef<HTMLDivElement>(null);
  const shown = shownMap(window, size);
  const move = (change: (now: MapWindow) => Partial<MapWindow>) => setWindow((now) => movedMap(now, change(now), size));
  useDragging(box, (dx, dy) => move((now) => ({ x: now.x - (dx * size[0]) / now.zoom, y: now.y - (dy * size[1]) / now.zoom })));
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = (KEY_MOVE * size[0]) / window.zoom;
    const changes: Record<string, Partial<MapWindow>> = {
      "+": { zoom: window.zoom * STEP },
      "-": { zoom: window.zoom / STEP },
      "0": wholeMap(size),
      ArrowLeft: { x: window.x - step },
      ArrowRight: { x: window.x + step },
      ArrowUp: { y: window.y - step },
      ArrowDown: { y: window.y + step },
    };
    const change = changes[event.key];
    if (change === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move(() => change);
  };
  return (
    <div className="wf-card relative overflow-hidden">
      <div
        ref={box}
        role="group"
        aria-label={t("nav.map")}
        tabIndex={0}
        onKeyDown={onKeyDown}
        className="relative w-full cursor-grab touch-pan-y overflow-hidden active:cursor-grabbing"
        style={{ aspectRatio: `${size[0]} / ${size[1]}` }}
      >
        <svg
          viewBox={`${shown.left} ${shown.top} ${shown.width} ${shown.height}`}
          className="absolute inset-0 size-full fill-(--meter-track) stroke-(--line-2)"
          aria-hidden="true"
        >
          <path d={outline} strokeWidth="0.75" vectorEffect="non-scaling-stroke" />
        </svg>
        {countries.toReversed().map((country) => {
          const place = places[country.code];
          if (place === undefined) return null;
          const left = (place[0] - shown.left) / shown.width;
          const top = (place[1] - shown.top) / shown.height;
          if (left < 0 || left > 1 || top < 0 || top > 1) return null;
          return <Dot key={country.code} country={country} group={group} left={left} top={top} marked={marked === country.code} />;
        })}
      </div>
      <div className="absolute end-2 bottom-2 grid gap-1">
        <IconButton label={t("map.zoomIn")} onClick={() => move((now) => ({ zoom: now.zoom * STEP }))}>
          <Plus className="size-4" aria-hidden="true" />
        </IconButton>
        <IconButton label={t("map.zoomOut")} onClick={() => move((now) => ({ zoom: now.zoom / STEP }))}>
          <Minus className="size-4" aria-hidden="true" />
        </IconButton>
      </div>
    </div>
  );
}

interface DotProps {
  readonly country: CountryServers;
  readonly group: string;
  /** Shares of the shown part. */
  readonly left: number;
  readonly top: number;
  readonly marked: boolean;
}

function Dot({ country: { code, count, worst }, group, left, top, marked }: DotProps) {
  const { t, number, country } = useFormats();
  const label = t("list.cell", { name: country(code), state: `${number.count(count)}, ${healthWord(t, worst)}` });
  const pixels = Math.min(44, 24 + 3 * Math.sqrt(count - 1));
  return (
    <Link
      to="/"
      search={{ q: `country:${code}`, group }}
      title={label}
      aria-label={label}
      draggable={false}
      className={`absolute grid -translate-1/2 place-items-center rounded-full border text-xs font-medium text-ink tabular-nums hover:no-underline ${DOTS[worst]} ${marked ? "z-10 outline-2 outline-focus" : ""}`}
      style={{ left: `${left * 100}%`, top: `${top * 100}%`, width: pixels, height: pixels }}
    >
      {worst === "up" ? count : <StateIcon state={worst} className="size-4!" />}
    </Link>
  );
}

/** Tells by which shares of the box a pointer was dragged. Fingers pan the page up and down as everywhere, so they move it sideways. */
function useDragging(box: { readonly current: HTMLDivElement | null }, onMove: (dx: number, dy: number) => void): void {
  const latest = useRef(onMove);
  latest.current = onMove;
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let last: { x: number; y: number } | undefined;
    const begin = (event: PointerEvent) => {
      if (event.target instanceof Element && event.target.closest("a") === null) last = { x: event.clientX, y: event.clientY };
    };
    const move = (event: PointerEvent) => {
      if (last === undefined) return;
      const { width, height } = element.getBoundingClientRect();
      latest.current((event.clientX - last.x) / width, (event.clientY - last.y) / height);
      last = { x: event.clientX, y: event.clientY };
    };
    const end = () => void (last = undefined);
    const stop = new AbortController();
    element.addEventListener("pointerdown", begin, stop);
    addEventListener("pointermove", move, stop);
    for (const name of ["pointerup", "pointercancel"] as const) addEventListener(name, end, stop);
    return () => stop.abort();
  }, [box]);
}
