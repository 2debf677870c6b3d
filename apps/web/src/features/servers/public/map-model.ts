import type { LiveRecord } from "#wire/live-record.ts";
import { healthOf, healthRank } from "../shared/health.ts";
import type { Health } from "../shared/health.ts";

/** The servers of one country. */
export interface CountryServers {
  /** Lower-case code, "" where it is not known. */
  readonly code: string;
  readonly count: number;
  readonly worst: Health;
}

/** By country: the worst first, then the largest; those whose place is unknown last. */
export function serversByCountry(records: readonly LiveRecord[]): CountryServers[] {
  const found = new Map<string, CountryServers>();
  for (const record of records) {
    const health = healthOf(record);
    const known = found.get(record.country);
    const worst = known === undefined || healthRank(health) < healthRank(known.worst) ? health : known.worst;
    found.set(record.country, { code: record.country, count: (known?.count ?? 0) + 1, worst });
  }
  return [...found.values()].toSorted(
    (a, b) =>
      Number(a.code === "") - Number(b.code === "") ||
      healthRank(a.worst) - healthRank(b.worst) ||
      b.count - a.count ||
      a.code.localeCompare(b.code),
  );
}

/** The part of the map that is shown: its middle in units of the map, and how much larger than the whole it is drawn. */
export interface MapWindow {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

type Size = readonly [number, number];
const LARGEST_ZOOM = 8;

export const wholeMap = ([width, height]: Size): MapWindow => ({ x: width / 2, y: height / 2, zoom: 1 });

/** Nothing beyond the edges is shown. */
export function movedMap({ x, y, zoom }: MapWindow, change: Partial<MapWindow>, size: Size): MapWindow {
  const next = Math.min(LARGEST_ZOOM, Math.max(1, change.zoom ?? zoom));
  const inside = (middle: number, length: number): number => Math.min(length - length / next / 2, Math.max(length / next / 2, middle));
  return { x: inside(change.x ?? x, size[0]), y: inside(change.y ?? y, size[1]), zoom: next };
}

/** Upper left corner and size of what is shown. */
export function shownMap({ x, y, zoom }: MapWindow, [width, height]: Size) {
  return { left: x - width / zoom / 2, top: y - height / zoom / 2, width: width / zoom, height: height / zoom };
}
