import type { Uint64 } from "@windfire/protocol";
import { humanSize } from "#features/notifications";
import { measureOf } from "./measures.ts";
import type { Snapshot } from "./measures.ts";
import { conditionsOf } from "./model.ts";
import type { AlertCondition, AlertRule } from "./model.ts";

/** What a message says of a rule that fails; "" where there is nothing to say. */
export interface ToldFacts {
  /** With its unit, such as `97 %`. */
  readonly value: string;
  readonly limit: string;
}

export const NO_FACTS: ToldFacts = { value: "", limit: "" };

/** More than people read. */
const LONGEST = 500;

/**
 * What was measured of a server, and what the rule allows. `cycle` gives the figures that no report has; conditions without a figure, such
 * as being away, are left out.
 */
export function factsOf(
  rule: Pick<AlertRule, "rules">,
  snapshot: Snapshot,
  cycle: (condition: AlertCondition) => Uint64 | undefined,
): ToldFacts {
  const told = conditionsOf(rule).flatMap((condition) => {
    const measure = measureOf(condition.type);
    const value = measure ? measure(snapshot) : cycle(condition);
    return value === undefined ? [] : [{ condition, value: figure(condition.type, Number(value)), limit: limitOf(condition) }];
  });
  const line = (of: "value" | "limit"): string =>
    told
      .map((one) => (told.length === 1 ? one[of] : `${one.condition.type} ${one[of]}`))
      .join(", ")
      .slice(0, LONGEST);
  return { value: line("value"), limit: line("limit") };
}

function limitOf({ type, min, max }: AlertCondition): string {
  if (min > 0 && max > 0) return `${figure(type, min)} – ${figure(type, max)}`;
  return max > 0 ? figure(type, max) : min > 0 ? `≥ ${figure(type, min)}` : "";
}

const PERCENT: ReadonlySet<string> = new Set(["cpu", "gpu", "gpu_max", "memory", "swap", "disk"]);

function figure(type: string, value: number): string {
  if (PERCENT.has(type)) return `${rounded(value, 1)} %`;
  if (type === "temperature_max") return `${rounded(value, 1)} °C`;
  if (type.endsWith("_speed")) return `${humanSize(value)}/s`;
  return type.startsWith("transfer_") ? humanSize(value) : rounded(value, 2);
}

function rounded(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
