import type { WallClock } from "#lib/wall-clock.ts";

/** Fields of a plan in a public note (spec 50 section 3.12), by the object that they are in. Every value is a text. */
const PLACES = {
  startDate: "billingDataMod",
  endDate: "billingDataMod",
  autoRenewal: "billingDataMod",
  cycle: "billingDataMod",
  amount: "billingDataMod",
  bandwidth: "planDataMod",
  trafficVol: "planDataMod",
  trafficType: "planDataMod",
  IPv4: "planDataMod",
  IPv6: "planDataMod",
  networkRoute: "planDataMod",
  extra: "planDataMod",
} as const;

export type PlanField = keyof typeof PLACES;
/** What the note says, "" where it says nothing. */
export type PlanFields = Readonly<Record<PlanField, string>>;

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

function parse(note: string): Tree | undefined {
  if (note.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(note);
    return isTree(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `undefined` for a note that is a plain text. */
export function readPlan(note: string): PlanFields | undefined {
  const tree = parse(note);
  if (tree === undefined) return undefined;
  const textAt = (field: PlanField): string => {
    const place = tree[PLACES[field]];
    const value = isTree(place) ? place[field] : undefined;
    return typeof value === "string" ? value : "";
  };
  return Object.fromEntries((Object.keys(PLACES) as PlanField[]).map((field) => [field, textAt(field)])) as Record<PlanField, string>;
}

/** The note with one field changed, "" takes it away. Everything else in it stays, also what only other programs know. */
export function changePlan(note: string, field: PlanField, value: string): string {
  const tree = parse(note) ?? {};
  const name = PLACES[field];
  const before = tree[name];
  const place = isTree(before) ? before : {};
  const { [field]: _, ...others } = place;
  const after = value === "" ? others : { ...place, [field]: value };
  const { [name]: __, ...rest } = tree;
  const changed = Object.keys(after).length === 0 && value === "" ? rest : { ...tree, [name]: after };
  if (Object.keys(changed).length === 0) return "";
  return JSON.stringify(changed, undefined, note.includes("\n") ? 2 : undefined);
}

/** How a note says that a plan has no end. */
const NO_END = "0000-00-00";
export const NEVER = `${NO_END}T23:59:59+08:00`;
export const isNever = (endDate: string): boolean => endDate.startsWith(NO_END);

const DATE_LENGTH = "2026-06-15".length;

/** `2026-06-15`, as a date field writes it; "" for what is no time. */
export const dateOf = (moment: string, wall: WallClock): string => wall.write(Date.parse(moment)).slice(0, DATE_LENGTH);

/** A moment on a date, at the time of day that was stored, else at the beginning of the day. */
export function momentOn(date: string, stored: string, wall: WallClock): string {
  const at = wall.read(date + wall.write(Date.parse(stored)).slice(DATE_LENGTH));
  if (Number.isNaN(at)) return "";
  const seconds = new Date(Date.parse(stored) || 0).getUTCSeconds();
  return new Date(at + seconds * 1000).toISOString();
}
