import type { AlertCondition } from "@windfire/api";
import type { Formats } from "#lib/formats.ts";
import { isKnown, measureOf } from "./alert-types.ts";
import { CHECK_SECONDS } from "./condition-draft.ts";

/** A condition as a sentence: "Memory used above 90 % for 2 min". */
export function conditionText({ t, number, time }: Formats, condition: AlertCondition): string {
  const { type, min = 0, max = 0, duration = 0 } = condition;
  const what = isKnown(type) ? t(`alerts.types.${type}`) : type;
  const upper = valueText({ number }, type, max);
  const lower = valueText({ number }, type, min);
  const shape = min > 0 ? (max > 0 ? "outside" : "below") : max > 0 ? "above" : "plain";
  const said = t(`alerts.say.${type === "offline" ? "plain" : shape}`, { what, upper, lower });
  return duration === 0 ? said : t("alerts.say.for", { what: said, time: time.duration(duration * CHECK_SECONDS * 1000) });
}

/** A value of what a type of condition compares, in its unit. */
export function valueText({ number }: Pick<Formats, "number">, type: string, value: number): string {
  switch (measureOf(type)) {
    case "percent":
      return `${number.decimal(value, 2)}%`;
    case "speed":
      return `${number.bytesShort(value)}/s`;
    case "bytes":
      return number.bytesShort(value);
    case "celsius":
      return number.temperature(value);
    case "count":
    case "none":
      return number.decimal(value, 2);
  }
}
