import type { TFunction } from "i18next";
import type { Formats } from "#lib/formats.ts";
import type { LiveRecord } from "#wire/live-record.ts";
import type { Health } from "./health.ts";
import { healthOf, LIMIT_VALUES, troublesOf } from "./health.ts";

export function healthWord(t: TFunction, health: Health): string {
  return t(`state.${health}`);
}

/** What is wrong in one line: `Memory at 93%`; "" when nothing is. */
export function troubleText({ t, number }: Formats, record: LiveRecord): string {
  const health = healthOf(record);
  if (health !== "warn" && health !== "critical") return "";
  const worst = troublesOf(record)[0];
  if (worst === undefined) return "";
  return t("server.trouble", { what: t(`metric.${worst.figure}`), value: number.percent(worst.value ?? 0, LIMIT_VALUES) });
}
