import type { AlertCondition as ConditionJson } from "@windfire/api";
import { readJson } from "#platform/database";
import type { AlertCondition } from "./model.ts";

/** A condition as it is stored and as clients get it: zero members are left out (spec 41 section 10.5). */
export function conditionJson(condition: AlertCondition): ConditionJson {
  return {
    type: condition.type,
    ...(isShown(condition.min) ? { min: condition.min } : {}),
    ...(isShown(condition.max) ? { max: condition.max } : {}),
    ...(condition.cycleStart === undefined ? {} : { cycle_start: condition.cycleStart }),
    ...(condition.cycleInterval === 0 ? {} : { cycle_interval: condition.cycleInterval }),
    ...(condition.cycleUnit === "" ? {} : { cycle_unit: condition.cycleUnit }),
    ...(condition.duration === 0 ? {} : { duration: condition.duration }),
    cover: condition.cover,
    ...(Object.keys(condition.ignore).length === 0 ? {} : { ignore: { ...condition.ignore } }),
  };
}

/** JSON has no infinite numbers; stored literals beyond the doubles are such. */
function isShown(bound: number): boolean {
  return bound !== 0 && Number.isFinite(bound);
}

/**
 * Reads the stored conditions of a rule (spec 30 section 2.2). Nothing is lost by it: a text that is no list is null, an element that is
 * no condition is null, and a member of a wrong kind is zero and named in `unreadable`.
 */
export function readConditions(stored: unknown): (AlertCondition | null)[] | null {
  const value = readJson(stored);
  return Array.isArray(value) ? value.map((element) => (isObject(element) ? readCondition(element) : null)) : null;
}

function readCondition(stored: Record<string, unknown>): AlertCondition {
  const wrong: string[] = [];
  const member = <T>(key: string, fits: (value: unknown) => value is T, zero: T): T => {
    const value = stored[key];
    if (fits(value)) return value;
    if (value !== undefined && value !== null) wrong.push(key);
    return zero;
  };
  const condition = {
    type: member("type", isText, ""),
    min: member("min", isNumber, 0),
    max: member("max", isNumber, 0),
    cycleStart: member<string | undefined>("cycle_start", isTime, undefined),
    cycleInterval: Math.min(member("cycle_interval", isCount, 0), Number.MAX_SAFE_INTEGER),
    cycleUnit: member("cycle_unit", isText, ""),
    duration: Math.min(member("duration", isCount, 0), Number.MAX_SAFE_INTEGER),
    cover: Math.min(member("cover", isCount, 0), Number.MAX_SAFE_INTEGER),
    ignore: member("ignore", areFlags, {}),
  };
  return wrong.length === 0 ? condition : { ...condition, unreadable: `${wrong.join(", ")} cannot be read` };
}

/** An RFC 3339 text in the form in which the reference writes it: at most nine digits of a second, no zeros at their end, `Z` for UTC. */
export function plainInstant(text: string): string {
  return text
    .replace(/\.(\d{1,9})\d*/, (_, digits: string) => `.${digits.replace(/(?<!0)0+$/, "")}`)
    .replace(/\.(?=[Z+-])/, "")
    .replace(/[+-]00:00$/, "Z");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** Literals beyond the doubles are infinite; whether they may be is the rule's matter. */
function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isCount(value: unknown): value is number {
  return isNumber(value) && value >= 0 && (Number.isInteger(value) || value === Infinity);
}

function isTime(value: unknown): value is string {
  return isText(value) && !Number.isNaN(Date.parse(value));
}

function areFlags(value: unknown): value is Record<string, boolean> {
  return isObject(value) && Object.entries(value).every(([id, flag]) => /^\d{1,20}$/.test(id) && typeof flag === "boolean");
}
