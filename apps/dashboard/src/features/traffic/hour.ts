/**
 * The full hour before an instant as clocks of a zone show it, Unix milliseconds: where the offset has half hours, hours begin at half
 * past those of UTC.
 */
export function createHours(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, minute: "numeric", second: "numeric" });
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const seconds = (parts.get("minute") ?? 0) * 60 + (parts.get("second") ?? 0);
    return Math.floor(instant / 1000) * 1000 - seconds * 1000;
  };
}
