import { zoneNamed, zoneOfProcess } from "#kernel";
import { parseDuration } from "./duration.ts";

/** One field of an expression: the values it allows. */
export interface CronField {
  readonly values: readonly number[];
  /** Written as `*`, `?` or `*` with step 1: then the other day field decides alone. */
  readonly isStar: boolean;
}

/** Second, minute, hour, day of month, month, day of week. */
export type CronFields = readonly [CronField, CronField, CronField, CronField, CronField, CronField];

/** What a schedule text means. `zone` undefined: that of the dashboard. */
export type ParsedSchedule =
  | { readonly kind: "calendar"; readonly fields: CronFields; readonly zone: string | undefined }
  | { readonly kind: "interval"; readonly everyMs: number };

/** Thrown inside this file only. */
class GrammarError extends Error {}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const SECOND: Range = { min: 0, max: 59, names: [] };
const RANGES = [
  SECOND,
  SECOND,
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: DAYS },
] as const;

const DESCRIPTORS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 0 1 1 *",
  "@annually": "0 0 0 1 1 *",
  "@monthly": "0 0 0 1 * *",
  "@weekly": "0 0 0 * * 0",
  "@daily": "0 0 0 * * *",
  "@midnight": "0 0 0 * * *",
  "@hourly": "0 0 * * * *",
};
const EVERY = "@every ";

/** Reads a schedule by the reference's grammar (spec 30 section 4.2); the error is the text clients know. */
export function parseCron(text: string): ParsedSchedule | { readonly error: string } {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof GrammarError) return { error: error.message };
    throw error;
  }
}

function parse(text: string): ParsedSchedule {
  if (text === "") throw new GrammarError("empty spec string");
  const { zone, rest } = splitZone(text);
  if (rest.startsWith(EVERY)) return { kind: "interval", everyMs: intervalOf(rest) };
  if (rest.startsWith("@")) {
    const expression = Object.hasOwn(DESCRIPTORS, rest) ? DESCRIPTORS[rest] : undefined;
    if (expression === undefined) throw new GrammarError(`unrecognized descriptor: ${rest}`);
    return { kind: "calendar", fields: fieldsOf(expression), zone };
  }
  return { kind: "calendar", fields: fieldsOf(rest), zone };
}

function splitZone(text: string): { zone: string | undefined; rest: string } {
  const match = /^(?:CRON_)?TZ=(\S*)/.exec(text);
  if (match === null) return { zone: undefined, rest: text };
  const [prefix, name = ""] = match;
  const rest = text.slice(prefix.length);
  const zone = knownZone(name);
  if (zone === undefined) throw new GrammarError(`provided bad location ${name}: unknown time zone ${name}`);
  if (rest.trim() === "") throw new GrammarError("expected exactly 6 fields, found 0: []");
  return { zone, rest: rest.trim() };
}

/** The zone a name stands for; no name is UTC. */
function knownZone(name: string): string | undefined {
  if (name === "") return "UTC";
  return name === "Local" ? zoneOfProcess() : zoneNamed(name);
}

function intervalOf(descriptor: string): number {
  const duration = parseDuration(descriptor.slice(EVERY.length));
  if ("error" in duration) throw new GrammarError(`failed to parse duration ${descriptor}: ${duration.error}`);
  return Math.max(1_000, Math.floor(duration.ms / 1_000) * 1_000);
}

function fieldsOf(expression: string): CronFields {
  const texts = expression.split(/\s+/).filter((field) => field !== "");
  const [second, minute, hour, day, month, weekday, ...more] = texts;
  const isWhole = weekday !== undefined && more.length === 0;
  if (!isWhole || second === undefined || minute === undefined || hour === undefined || day === undefined || month === undefined) {
    throw new GrammarError(`expected exactly 6 fields, found ${texts.length}: [${texts.join(" ")}]`);
  }
  return [
    fieldOf(second, RANGES[0]),
    fieldOf(minute, RANGES[1]),
    fieldOf(hour, RANGES[2]),
    fieldOf(day, RANGES[3]),
    fieldOf(month, RANGES[4]),
    fieldOf(weekday, RANGES[5]),
  ];
}

function fieldOf(text: string, range: Range): CronField {
  const values = new Set<number>();
  let isStar = false;
  for (const item of text.split(",")) {
    const part = partOf(item, range);
    isStar ||= part.isStar;
    for (let value = part.start; value <= part.end; value += part.step) values.add(value);
  }
  return { values: [...values].toSorted((a, b) => a - b), isStar };
}

interface Part {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly isStar: boolean;
}

/** `*`, `n` or `a-b`, with or without `/step`. */
function partOf(item: string, range: Range): Part {
  const [bounds = "", stepText, ...moreSlashes] = item.split("/");
  if (moreSlashes.length > 0) throw new GrammarError(`too many slashes: ${item}`);
  const [low = "", high, ...moreHyphens] = bounds.split("-");
  const isStar = low === "*" || low === "?";
  if (!isStar && moreHyphens.length > 0) throw new GrammarError(`too many hyphens: ${item}`);
  const start = isStar ? range.min : numberOf(low, range);
  const step = stepText === undefined ? 1 : wholeNumber(stepText);
  const end = endOf({ isStar, start, high, hasStep: stepText !== undefined }, range);
  if (start < range.min) throw new GrammarError(`beginning of range (${start}) below minimum (${range.min}): ${item}`);
  if (end > range.max) throw new GrammarError(`end of range (${end}) above maximum (${range.max}): ${item}`);
  if (start > end) throw new GrammarError(`beginning of range (${start}) beyond end of range (${end}): ${item}`);
  if (step === 0) throw new GrammarError(`step of range should be a positive number: ${item}`);
  return { start, end, step, isStar: isStar && step === 1 };
}

function endOf(part: { isStar: boolean; start: number; high: string | undefined; hasStep: boolean }, range: Range): number {
  if (part.isStar) return range.max;
  if (part.high !== undefined) return numberOf(part.high, range);
  return part.hasStep ? range.max : part.start;
}

function numberOf(text: string, range: Range): number {
  const index = range.names.indexOf(text.toLowerCase());
  return index === -1 ? wholeNumber(text) : index + range.min;
}

function wholeNumber(text: string): number {
  if (!/^\+?\d{1,9}$/.test(text)) {
    throw new GrammarError(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text);
}
