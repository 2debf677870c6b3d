/** Lines for people. Whoever writes one keeps secrets, commands and their output out of it. */
export interface Log {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
}

export interface LogDeps {
  readonly write: (line: string) => void;
  readonly now: () => number;
  /** Asked for every debug line: the setting can change while the agent runs. */
  readonly isDebug: () => boolean;
}

const MAX_LINE_CHARACTERS = 1000;

export function createLog({ write, now, isDebug }: LogDeps): Log {
  const line = (level: string, text: string): void => {
    const oneLine = text.replace(/\p{Cc}+/gu, " ").slice(0, MAX_LINE_CHARACTERS);
    write(`${utcText(now())} ${level} ${oneLine}\n`);
  };
  return {
    debug: (text) => {
      if (isDebug()) line("debug", text);
    },
    info: (text) => line("info", text),
    warn: (text) => line("warn", text),
  };
}

const MS_PER_DAY = 86_400_000;

/**
 * `2026-01-31T12:34:56.789Z`. The runtime's own dates load the tables of all time zones, which is a megabyte for a log.
 * @param unixMs from 1970 on
 */
export function utcText(unixMs: number): string {
  const time = Math.floor(unixMs) % MS_PER_DAY;
  const padded = (value: number, digits = 2): string => String(Math.floor(value)).padStart(digits, "0");
  const clock = `${padded(time / 3_600_000)}:${padded((time / 60_000) % 60)}:${padded((time / 1000) % 60)}.${padded(time % 1000, 3)}`;
  const { year, month, day } = dateOf(Math.floor(unixMs / MS_PER_DAY));
  return `${padded(year, 4)}-${padded(month)}-${padded(day)}T${clock}Z`;
}

/** Years are counted from March on, so that the day that some of them lack is their last. */
function dateOf(daysSince1970: number): { year: number; month: number; day: number } {
  const days = daysSince1970 + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1 };
}
