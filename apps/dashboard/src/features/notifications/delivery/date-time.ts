/**
 * Formats moments for `#DATETIME#` (spec 30 section 3.3): `2026-08-17 11:55:03.12 +0800 CST`. Zones without a common abbreviation are named
 * by their offset.
 */
export function createDateTimeFormat(zone: string): (ms: number) => string {
  let made: ReturnType<typeof formatsOf> | undefined;
  return (ms) => {
    const { calendar, short } = (made ??= formatsOf(zone));
    const parts = Object.fromEntries(calendar.formatToParts(ms).map(({ type, value }) => [type, value]));
    const fraction =
      ms % 1000 === 0
        ? ""
        : `.${String(ms % 1000)
            .padStart(3, "0")
            .replace(/(?<!0)0+$/, "")}`;
    const offset = (parts["timeZoneName"] ?? "").replace("GMT", "").replace(":", "") || "+0000";
    const name = short.formatToParts(ms).find(({ type }) => type === "timeZoneName")?.value ?? "";
    return `${parts["year"]}-${parts["month"]}-${parts["day"]} ${parts["hour"]}:${parts["minute"]}:${parts["second"]}${fraction} ${offset} ${/^[A-Z]+$/.test(name) ? name : offset}`;
  };
}

/** Made when the first moment is formatted: they are dear, and many an installation tells nobody anything. */
function formatsOf(zone: string) {
  const calendar = new Intl.DateTimeFormat("en-CA", {
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
  const short = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "short" });
  return { calendar, short };
}
