import type { Figures } from "./figures.ts";
import type { Calendar, Report, Span } from "./model.ts";
import { isoDay } from "./model.ts";

type Translate = (messageId: string, ...args: (string | number)[]) => string;

/** Rows of one list that are named. */
const MOST_ROWS = 10;
const TITLES = { daily: "Daily report", weekly: "Weekly report", monthly: "Monthly report" } as const;

/** A report as people read it: a line for each part, and below it what is worth naming. */
export function textOf(
  report: Report,
  figures: Figures,
  span: Span,
  calendar: Calendar,
  translate: Translate,
): { title: string; text: string } {
  const [first, last] = [calendar.dayOf(span.from), calendar.dayOf(span.to - 1)].map(isoDay);
  const title = `[${translate(TITLES[report.plan.every])}] ${report.name} ${first === last ? first : `${first} – ${last}`}`;
  const { availability, services, incidents, traffic, expiry } = figures;
  const parts = [
    availability &&
      partOf(translate("Availability: %s", meanOf(availability)), availability.filter(isBelow), (row) => {
        return `${row.name}: ${percent(row.percent)}, ${translate("offline for %s", duration(row.offline_seconds))}`;
      }),
    services &&
      partOf(translate("Services: %s", meanOf(services)), services.filter(isBelow), (row) => `${row.name}: ${percent(row.percent)}`),
    incidents &&
      partOf(translate("Incidents: %d, open now: %d", incidents.opened, incidents.open_now), incidents.longest, (row) => {
        return `${[row.title, row.server_name].filter((name) => name !== "").join(", ")}: ${duration(row.seconds)}`;
      }),
    traffic && partOf(trafficLine(traffic, translate), traffic, (row) => `${row.name}: ↓ ${size(row.in)}, ↑ ${size(row.out)}`),
    expiry &&
      partOf(translate("Ends soon: %d", expiry.length), expiry, (row) => {
        const what = translate(row.what === "certificate" ? "Certificate of %s" : "Contract of %s", row.name);
        return `${what}: ${isoDay(calendar.dayOf(Date.parse(row.at)))}, ${translate("days left: %d", row.days_left)}`;
      }),
  ].filter((part) => part !== undefined);
  return { title, text: [title, ...parts].join("\n") };
}

function partOf<T>(head: string, rows: readonly T[], line: (row: T) => string): string {
  const lines = rows.slice(0, MOST_ROWS).map((row) => `- ${line(row)}`);
  return [head, ...lines, ...(rows.length > MOST_ROWS ? [`+${rows.length - MOST_ROWS}`] : [])].join("\n");
}

interface Share {
  readonly percent: number | null;
}

function isBelow({ percent: value }: Share): boolean {
  return value !== null && value < 100;
}

/** Of those of which something is known. */
function meanOf(rows: readonly Share[]): string {
  const known = rows.flatMap(({ percent: value }) => (value === null ? [] : [value]));
  return known.length === 0 ? "–" : percent(known.reduce((sum, value) => sum + value, 0) / known.length);
}

function percent(value: number | null): string {
  return value === null ? "–" : `${Math.floor(value * 100) / 100} %`;
}

function trafficLine(traffic: NonNullable<Figures["traffic"]>, translate: Translate): string {
  const sum = (key: "in" | "out"): number => traffic.reduce((total, row) => total + row[key], 0);
  return translate("Traffic: %s received, %s sent", size(sum("in")), size(sum("out")));
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

function size(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  const value = bytes / 1024 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
}

/** The two largest units. */
function duration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return "0 s";
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(" ");
}
