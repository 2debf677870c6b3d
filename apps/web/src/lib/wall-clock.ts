const MINUTE = 60_000;

/** Dates and times of a zone as fields of a form write them. */
export interface WallClock {
  /** `2026-08-03T14:00` for Unix milliseconds; "" for NaN. */
  write(at: number): string;
  /** Unix milliseconds of `2026-08-03T14:00` or `2026-08-03`, NaN for what is neither. An hour that a clock change leaves out is the one after it. */
  read(text: string): number;
}

/** The first moment of the month that is now on the clock. */
export const monthStart = ({ write, read }: WallClock, now: number): Date => new Date(read(`${write(now).slice(0, 7)}-01`));

const SHAPE = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?$/;

/** @param timeZone name of the IANA data base. */
export function createWallClock(timeZone: string): WallClock {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "iso8601",
    numberingSystem: "latn",
    hourCycle: "h23",
    ...({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const),
  });
  const write = (at: number): string => {
    if (!Number.isFinite(at)) return "";
    const found = new Map(parts.formatToParts(at).map(({ type, value }) => [type, value]));
    const part = (type: Intl.DateTimeFormatPartTypes) => found.get(type) ?? "";
    return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
  };
  const offset = (at: number) => Date.parse(`${write(at)}Z`) - Math.floor(at / MINUTE) * MINUTE;
  return {
    write,
    read(text) {
      if (!SHAPE.test(text)) return Number.NaN;
      const asUtc = Date.parse(text.includes("T") ? `${text}Z` : `${text}T00:00Z`);
      if (Number.isNaN(asUtc)) return Number.NaN;
      const first = asUtc - offset(asUtc);
      const second = asUtc - offset(first);
      // Neither fits in the hour that is left out: the later one is after the change.
      return asUtc - offset(second) === second ? second : Math.max(first, second);
    },
  };
}
