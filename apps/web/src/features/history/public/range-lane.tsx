import type { KeyboardEvent, PointerEvent } from "react";
import { useRef } from "react";
import { useFormats } from "#lib/formats.ts";
import { lanePath, movedWindow } from "./lane-model.ts";
import type { Edge, Lane } from "./lane-model.ts";
import type { ChartWindow } from "./chart-data.ts";

const KEY_STEP = 0.02;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

interface LaneProps {
  readonly lane: Lane;
  readonly window: ChartWindow;
  readonly onZoom: (window: ChartWindow | undefined) => void;
}

/** The whole range at a glance, with the window the charts show between two grips. */
export function RangeLane({ lane, window, onZoom }: LaneProps) {
  const { t, time } = useFormats();
  const track = useRef<HTMLDivElement>(null);
  const { from, to } = lane;
  const share = (at: number) => Math.min(1, Math.max(0, (at - from) / (to - from)));
  const [start, end] = [share(window.from), share(window.to)];
  const move = (edge: Edge, at: number) => onZoom(movedWindow(lane, window, edge, at));
  const drag = (edge: Edge) => (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    if (box !== undefined && event.buttons === 1) move(edge, (event.clientX - box.left) / box.width);
  };
  const step = (edge: Edge) => (event: KeyboardEvent) => {
    const direction = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (direction === 0) return;
    event.preventDefault();
    move(edge, (edge === "from" ? start : end) + direction * KEY_STEP);
  };
  const grip = (edge: Edge, at: number) => (
    <button
      type="button"
      role="slider"
      aria-label={t(edge === "from" ? "range.start" : "range.end")}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(at * 100)}
      aria-valuetext={time.dateTime(edge === "from" ? window.from : window.to)}
      className="absolute inset-y-0 w-6 -translate-x-1/2 cursor-ew-resize touch-none after:absolute after:inset-x-[calc(50%-3px)] after:inset-y-[20%] after:rounded-full after:bg-focus"
      style={{ left: `${at * 100}%` }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag(edge)}
      onKeyDown={step(edge)}
    />
  );
  return (
    <div className="wf-card mb-3 px-3 pt-2 pb-1.5 max-sm:hidden print:hidden">
      <div ref={track} className="relative h-11">
        <div
          className="absolute inset-y-0 rounded-cell bg-select opacity-60"
          style={{ left: `${start * 100}%`, right: `${(1 - end) * 100}%` }}
        />
        <svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true" className="relative block size-full">
          <path d={lanePath(lane)} fill="none" stroke="var(--c1)" strokeWidth="1.3" vectorEffect="non-scaling-stroke" />
        </svg>
        {grip("from", start)}
        {grip("to", end)}
      </div>
      <div aria-hidden="true" className="flex justify-between text-2xs text-(--axis) tabular-nums">
        {TICKS.map((part) => (
          <span key={part}>{time.dateTime(from + part * (to - from))}</span>
        ))}
      </div>
    </div>
  );
}
