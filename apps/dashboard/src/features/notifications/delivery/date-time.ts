import { createZoneNames } from "./zone-names.ts";

/** Formats moments for `#DATETIME#` (spec 30 section 3.3): `2026-08-17 11:55:03.12 +0800 CST`. */
export function createDateTimeFormat(zone: string): (ms: number) => string {
  const nameAt = createZoneNames(zone);
  let calendar: Intl.DateTimeFormat | undefined;
  return (ms) => {
    const parts = Object.fromEntries((calendar ??= calendarOf(zone)).formatToParts(ms).map(({ type, value }) => [type, value]));
    const fraction =
      ms % 1000 === 0
        ? ""
        : `.${String(ms % 1000)
            .padStart(3, "0")
            .replace(/(?<!0)0+$/, "")}`;
    const offset = (parts["timeZoneName"] ?? "").replace("GMT", "").replace(":", "") || "+0000";
    return `${parts["year"]}-${parts["month"]}-${parts["day"]} ${parts["hour"]}:${parts["minute"]}:${parts["second"]}${fraction} ${offset} ${nameAt(ms, offset)}`;
  };
}

/** Made when the first moment is formatted: it is dear, and many an installation tells nobody anything. */
function calendarOf(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "longOffset",
  });
}
