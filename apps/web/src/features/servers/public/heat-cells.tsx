import type { CSSProperties, RefObject } from "react";
import { memo, startTransition, useEffect, useMemo, useReducer, useRef, useState } from "react";
import { useApp } from "#shell/app-context.tsx";
import { useNear } from "#ui/use-near.ts";
import type { LiveRecord } from "#wire/live-record.ts";
import { cellLook, HeatCell, paintCell } from "./heat-cell.tsx";
import type { CellTexts } from "./heat-cell.tsx";
import type { HeatMetric } from "./heat-model.ts";

/** More cells than this, of all groups together, are drawn in blocks, each only near the screen. */
export const MOST_AT_ONCE = 160;
const ROWS_OF_BLOCK = 6;
const NEAR_PX = 300;

interface CellsProps {
  readonly ids: readonly number[];
  /** There are so few in all that each is drawn wherever it is. */
  readonly whole: boolean;
  /** Of a cell at least, as CSS writes it. */
  readonly size: string;
  readonly metric: HeatMetric;
  readonly texts: CellTexts;
}

/** The cells of one group. Of a large one, only what can be seen is there; the rest keeps its place. */
export const HeatCells = memo(function HeatCells({ ids, whole, size, metric, texts }: CellsProps) {
  const place = useRef<HTMLDivElement>(null);
  const columns = useColumns(place, !whole);
  const blocks = useMemo(() => (whole ? [ids] : blocksOf(ids, columns)), [ids, whole, columns]);
  return (
    <div ref={place} className="-m-px grid" style={{ gridTemplateColumns: `repeat(auto-fill, minmax(calc(${size} + 2px), 1fr))` }}>
      {blocks.map((block, at) => (
        <Block key={at} first={at === 0} ids={block} columns={columns} metric={metric} texts={texts} />
      ))}
    </div>
  );
});

/** Whole rows together. As long as nobody knows how many cells are in one, no more than a screen of them. */
export function blocksOf(ids: readonly number[], columns: number | undefined): readonly (readonly number[])[] {
  if (columns === undefined) return [ids.slice(0, MOST_AT_ONCE)];
  const size = columns * ROWS_OF_BLOCK;
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, at) => ids.slice(at * size, (at + 1) * size));
}

/** Room for so many cells, known before any is there, and without asking each: a grid that is measured by its cells is laid out twice as long. */
function squares(count: number, columns: number): CSSProperties {
  const rows = Math.ceil(count / columns);
  return { aspectRatio: `${columns} / ${rows}`, gridTemplateRows: `repeat(${rows}, minmax(0, 1fr))` };
}

/** How many columns the browser made of the room there is; asked when it has just laid them out. */
function useColumns(place: RefObject<HTMLElement | null>, wanted: boolean): number | undefined {
  const [columns, setColumns] = useState<number>();
  useEffect(() => {
    const element = place.current;
    if (element === null || !wanted) return;
    const observer = new ResizeObserver(() => {
      const count = getComputedStyle(element).gridTemplateColumns.split(" ").length;
      startTransition(() => setColumns(count));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [place, wanted]);
  return wanted ? columns : undefined;
}

interface BlockProps extends Pick<CellsProps, "ids" | "metric" | "texts"> {
  readonly columns: number | undefined;
  readonly first: boolean;
}

/**
 * Rows of cells. Figures change with every report, and there may be a thousand: they are written to the elements themselves, and React
 * draws again only when a shape changes.
 */
const Block = memo(function Block({ ids, columns, metric, texts, first }: BlockProps) {
  const { store } = useApp().live;
  const place = useRef<HTMLDivElement>(null);
  // Where nobody knows how high it would be, nothing could keep its place.
  const near = useNear(place, first, NEAR_PX) || columns === undefined;
  const [drawn, drawAgain] = useReducer((count: number) => count + 1, 0);
  const looks = near ? ids.map((id) => cellLook(store.server(id), metric, texts)) : [];
  // As they were drawn last: a frame may come between thinking of them and that.
  const shown = useRef(looks);
  useEffect(() => void (shown.current = looks));
  useEffect(() => {
    const { current } = place;
    if (current === null || !near) return;
    const seen: (LiveRecord | undefined)[] = [];
    const labels: string[] = [];
    const paint = () => {
      let changed = false;
      for (const [at, id] of ids.entries()) {
        const record = store.server(id);
        const cell = current.children[at];
        if (cell === undefined || (seen[at] === record && labels[at] !== undefined)) continue;
        seen[at] = record;
        const look = cellLook(record, metric, texts);
        changed ||= look.health !== shown.current[at]?.health;
        if (look.label === labels[at]) continue;
        labels[at] = look.label;
        paintCell(cell, look);
      }
      if (changed) drawAgain();
    };
    // What is drawn was right a moment ago: whoever comes back sees that before it is painted anew.
    const soon = setTimeout(paint);
    const leave = store.subscribeFrame(paint);
    return () => {
      clearTimeout(soon);
      leave();
    };
  }, [store, ids, metric, texts, near, drawn]);
  const [shape, style] = columns === undefined ? ["*:aspect-square", {}] : ["", squares(ids.length, columns)];
  return (
    <div ref={place} className={`col-span-full grid grid-cols-subgrid ${shape}`} style={style}>
      {looks.map((look, at) => (
        <HeatCell key={ids[at]} id={ids[at] ?? 0} look={look} />
      ))}
    </div>
  );
});
