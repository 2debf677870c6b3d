import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import iso from "iso-3166-1";
import { feature } from "topojson-client";
import type { Plugin } from "vite";

const VIRTUAL = "virtual:world-map";
const RESOLVED = `\0${VIRTUAL}`;
/** Units across; heights follow from the projection. */
const WIDTH = 1000;
/** Nobody keeps servers further south, and the ice would take a fifth of the picture. */
const [SOUTH, NORTH] = [-57, 80];

type Point = readonly [number, number];
type Ring = readonly Point[];
/** As GeoJSON has them: longitude, latitude, and what else there may be. */
type Positions = readonly (readonly number[])[];
type Topology = Parameters<typeof feature>[0];
type Geometry = Extract<ReturnType<typeof feature>, { type: "Feature" }>["geometry"];

const require = createRequire(import.meta.url);
const LAND = require.resolve("world-atlas/land-110m.json");
const COUNTRIES = require.resolve("world-atlas/countries-50m.json");

const scale = WIDTH / (2 * Math.PI);
const radians = (degrees: number): number => (degrees * Math.PI) / 180;
/** Miller's cylindrical projection: shapes stay known, and the north is not blown up as much as by Mercator's. */
const height = (latitude: number): number => 1.25 * Math.log(Math.tan(Math.PI / 4 + 0.4 * radians(latitude)));
const project = ([longitude, latitude]: Point): Point => [
  WIDTH / 2 + radians(longitude) * scale,
  (height(NORTH) - height(Math.min(NORTH, Math.max(SOUTH, latitude)))) * scale,
];

/**
 * `virtual:world-map`: outlines of the land as one path, and a place for each country by its lower-case code. Made of Natural Earth's
 * public-domain data when the web is built, so that browsers get neither the data nor what reads it.
 */
export function worldMap(): Plugin {
  return {
    name: "windfire:world-map",
    resolveId: (id) => (id === VIRTUAL ? RESOLVED : undefined),
    async load(id) {
      if (id !== RESOLVED) return undefined;
      const [land, countries] = await Promise.all([readAtlas(LAND, "land"), readAtlas(COUNTRIES, "countries")]);
      const outline = land.flatMap(({ polygons }) => polygons).filter(([outer = []]) => outer.some(([, latitude]) => latitude > SOUTH));
      const size = [WIDTH, Math.round((height(NORTH) - height(SOUTH)) * scale)];
      const places = Object.fromEntries(countries.flatMap(({ code, polygons }) => (code === undefined ? [] : [[code, placeOf(polygons)]])));
      return [
        `export const size = ${JSON.stringify(size)};`,
        `export const outline = ${JSON.stringify(outline.flat().map(pathOf).join(""))};`,
        `export const places = ${JSON.stringify(places)};`,
      ].join("\n");
    },
  };
}

interface Shape {
  readonly code: string | undefined;
  readonly polygons: readonly (readonly Ring[])[];
}

async function readAtlas(file: string, object: string): Promise<Shape[]> {
  const topology = JSON.parse(await readFile(file, "utf8")) as Topology;
  const found = topology.objects[object];
  if (found === undefined) throw new Error(`${file} has no ${object}`);
  const made = feature(topology, found);
  return ("features" in made ? made.features : [made]).map(({ id, geometry }) => ({
    code: id === undefined ? undefined : iso.whereNumeric(String(id).padStart(3, "0"))?.alpha2.toLowerCase(),
    polygons: polygonsOf(geometry),
  }));
}

function polygonsOf(geometry: Geometry): Shape["polygons"] {
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(polygonsOf);
  if (geometry.type === "Polygon") return [geometry.coordinates.map(ringOf)];
  return geometry.type === "MultiPolygon" ? geometry.coordinates.map((polygon) => polygon.map(ringOf)) : [];
}

function ringOf(positions: Positions): Ring {
  return positions.map(([longitude = 0, latitude = 0]) => [longitude, latitude]);
}

/** In whole units from point to point; points that fall together are left out. Land on both edges of the map is drawn at both. */
function pathOf(ring: Ring): string {
  const points = unrolled(ring)
    .map(project)
    .map(([x, y]): Point => [Math.round(x), Math.round(y)]);
  const kept = points.filter(([x, y], index) => x !== points[index - 1]?.[0] || y !== points[index - 1]?.[1]);
  const [first] = kept;
  if (first === undefined || kept.length < 4) return "";
  const steps = kept.slice(1).map(([x, y], index) => `${x - (kept[index]?.[0] ?? 0)} ${y - (kept[index]?.[1] ?? 0)}`);
  const rest = `l${steps.join(" ")}z`;
  const columns = kept.map(([x]) => x);
  const copies = [0, ...(Math.max(...columns) > WIDTH ? [-WIDTH] : []), ...(Math.min(...columns) < 0 ? [WIDTH] : [])];
  return copies.map((shift) => `M${first[0] + shift} ${first[1]}${rest}`.replaceAll(" -", "-")).join("");
}

/** A ring that crosses the date line goes on beyond the edge of the map instead of back across all of it. */
function unrolled(ring: Ring): Ring {
  let turns = 0;
  return ring.map(([longitude, latitude], index): Point => {
    const step = longitude - (ring[index - 1]?.[0] ?? longitude);
    if (Math.abs(step) > 180) turns -= Math.sign(step);
    return [longitude + turns * 360, latitude];
  });
}

/** The middle of the largest part, to a tenth of a unit. */
function placeOf(polygons: Shape["polygons"]): Point {
  const parts = polygons.map(([outer = []]) => middleOf(unrolled(outer).map(project)));
  const largest = parts.toSorted((a, b) => b.area - a.area)[0];
  const tenth = (value: number): number => Math.round(value * 10) / 10;
  return [tenth(largest?.at[0] ?? 0), tenth(largest?.at[1] ?? 0)];
}

function middleOf(ring: Ring): { readonly area: number; readonly at: Point } {
  let [area, x, y] = [0, 0, 0];
  for (const [index, [x1, y1]] of ring.entries()) {
    const [x2, y2] = ring[(index + 1) % ring.length] ?? [x1, y1];
    const cross = x1 * y2 - x2 * y1;
    area += cross / 2;
    x += ((x1 + x2) * cross) / 6;
    y += ((y1 + y2) * cross) / 6;
  }
  const at: Point = area === 0 ? (ring[0] ?? [0, 0]) : [x / area, y / area];
  return { area: Math.abs(area), at };
}
