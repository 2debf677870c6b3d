import type { AlertCondition as ConditionJson } from "@windfire/api";
import { readNumber, readText } from "#platform/database";
import type { AlertCondition } from "./model.ts";

/** A condition as it is stored and as clients get it: zero members are left out (spec 41 section 10.5). */
export function conditionJson(condition: AlertCondition): ConditionJson {
  return {
    type: condition.type,
    ...(condition.min === 0 ? {} : { min: condition.min }),
    ...(condition.max === 0 ? {} : { max: condition.max }),
    ...(condition.cycleStart === undefined ? {} : { cycle_start: condition.cycleStart }),
    ...(condition.cycleInterval === 0 ? {} : { cycle_interval: condition.cycleInterval }),
    ...(condition.cycleUnit === "" ? {} : { cycle_unit: condition.cycleUnit }),
    ...(condition.duration === 0 ? {} : { duration: condition.duration }),
    cover: condition.cover,
    ...(Object.keys(condition.ignore).length === 0 ? {} : { ignore: { ...condition.ignore } }),
  };
}

/** Reads stored conditions; whatever is none is left out, members of a wrong kind are zero (spec 41 section 9.3b). */
export function readConditions(value: unknown): AlertCondition[] | null {
  return Array.isArray(value) ? value.filter(isObject).map(readCondition) : null;
}

function readCondition(stored: Record<string, unknown>): AlertCondition {
  const start = readText(stored["cycle_start"]);
  const flags = isObject(stored["ignore"]) ? Object.entries(stored["ignore"]) : [];
  return {
    type: readText(stored["type"]),
    min: readNumber(stored["min"]),
    max: readNumber(stored["max"]),
    cycleStart: Number.isNaN(Date.parse(start)) ? undefined : start,
    cycleInterval: readNumber(stored["cycle_interval"]),
    cycleUnit: readText(stored["cycle_unit"]),
    duration: readNumber(stored["duration"]),
    cover: readNumber(stored["cover"]),
    ignore: Object.fromEntries(
      flags.filter(([id, flag]) => /^\d+$/.test(id) && typeof flag === "boolean").map(([id, flag]) => [id, flag === true]),
    ),
  };
}

/** An RFC 3339 text in the form in which the reference writes it: at most nine digits of a second, no zeros at their end, `Z` for UTC. */
export function plainInstant(text: string): string {
  return text
    .replace(/\.(\d{1,9})\d*/, (_, digits: string) => `.${digits.replace(/0+$/, "")}`)
    .replace(/\.(?=[Z+-])/, "")
    .replace(/[+-]00:00$/, "Z");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
