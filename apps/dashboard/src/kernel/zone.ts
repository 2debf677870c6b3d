/** Clocks on the wall of a time zone. Instants are Unix milliseconds. */
export interface Zone {
  /** How far its clocks are ahead of UTC, milliseconds. */
  offsetAt(instant: number): number;
  /** Whether its clocks are changed between two instants; also true where that is not known. */
  mayChange(from: number, to: number): boolean;
}

/**
 * `Temporal` where the runtime has it and knows the zone. `Intl` knows a few old names more, takes three times as long, and its first use
 * costs a start 10 ms and 8 MB.
 */
const temporal = (globalThis as { Temporal?: typeof Temporal }).Temporal;

/** The zone that a name stands for, such as `Europe/Berlin`; `undefined` when there is none of that name. */
export function zoneNamed(name: string): string | undefined {
  return knownToTemporal(name) ?? knownToIntl(name);
}

/** Name of the zone of the process (`TZ`). */
export function zoneOfProcess(): string {
  const name = temporal ? temporal.Now.timeZoneId() : new Intl.DateTimeFormat("en").resolvedOptions().timeZone;
  return zoneNamed(name) ?? "UTC";
}

/** @param name of a zone that there is */
export function createZone(name: string): Zone {
  return temporal !== undefined && knownToTemporal(name) !== undefined ? byTemporal(temporal, name) : byIntl(name);
}

function knownToTemporal(name: string): string | undefined {
  try {
    return temporal && new temporal.ZonedDateTime(0n, name).timeZoneId;
  } catch {
    return undefined;
  }
}

function knownToIntl(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function byTemporal({ Instant }: typeof Temporal, name: string): Zone {
  const at = (instant: number): Temporal.ZonedDateTime => Instant.fromEpochMilliseconds(Math.floor(instant)).toZonedDateTimeISO(name);
  return {
    offsetAt: (instant) => at(instant).offsetNanoseconds / 1e6,
    mayChange: (from, to) => (at(from).getTimeZoneTransition("next")?.epochMilliseconds ?? Number.POSITIVE_INFINITY) <= to,
  };
}

/** The way without `Temporal`. */
export function byIntl(name: string): Zone {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: name,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return {
    offsetAt: (instant) => {
      const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
      const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
      const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
      return wall - Math.floor(instant / 1000) * 1000;
    },
    mayChange: () => true,
  };
}
