import type { TFunction } from "i18next";
import type { Formats } from "#lib/formats.ts";
import type { LiveRecord } from "#wire/live-store.ts";
import type { Health } from "./health.ts";
import { healthOf, levelOf, LIMIT_VALUES, usageOf } from "./health.ts";

export function healthWord(t: TFunction, health: Health): string {
  return t(`state.${health}`);
}

/** What is wrong in one line: `Memory at 93%`; "" when nothing is. */
export function troubleText({ t, number }: Formats, record: LiveRecord): string {
  const health = healthOf(record);
  if (health !== "warn" && health !== "critical") return "";
  const { memory, disk } = usageOf(record);
  const readings = [
    { what: t("metric.cpu"), value: record.cpuMean },
    { what: t("metric.memory"), value: memory },
    { what: t("metric.disk"), value: disk },
  ];
  const worst = readings.filter(({ value }) => levelOf(value) !== "normal").toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0))[0];
  return worst === undefined ? "" : t("server.trouble", { what: worst.what, value: number.percent(worst.value ?? 0, LIMIT_VALUES) });
}
