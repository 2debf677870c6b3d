/** Each tells the abbreviations that are common where it is spoken, and offsets of the others. */
const LOCALES = ["en-US", "en-GB", "en-CA", "en-AU", "en-NZ", "en-IN", "en-ZA", "en-IE"];

const CHINA = { "+0800": "CST" };
const MEXICO = { "-0700": "MST" };
const MOSCOW = { "+0300": "MSK" };

/** Abbreviations of the time zone database that no locale tells, by the offset they stand for. */
const OTHERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "America/Havana": { "-0500": "CST", "-0400": "CDT" },
  "America/Hermosillo": MEXICO,
  "America/Mazatlan": MEXICO,
  "Asia/Chongqing": CHINA,
  "Asia/Hong_Kong": { "+0800": "HKT" },
  "Asia/Jakarta": { "+0700": "WIB" },
  "Asia/Jerusalem": { "+0200": "IST", "+0300": "IDT" },
  "Asia/Karachi": { "+0500": "PKT" },
  "Asia/Macau": CHINA,
  "Asia/Makassar": { "+0800": "WITA" },
  "Asia/Manila": { "+0800": "PST" },
  "Asia/Seoul": { "+0900": "KST" },
  "Asia/Shanghai": CHINA,
  "Asia/Taipei": CHINA,
  "Asia/Tokyo": { "+0900": "JST" },
  "Europe/Moscow": MOSCOW,
  "Europe/Simferopol": MOSCOW,
  PRC: CHINA,
};

/**
 * The abbreviation that clocks of a zone go by at a moment, as the time zone database has it: `CST`, `CEST`, `+0545`; `+04` where the offset
 * is of whole hours.
 *
 * @returns takes a moment (Unix milliseconds) and the zone's offset then (`+0800`)
 */
export function createZoneNames(zone: string): (ms: number, offset: string) => string {
  const formats: Intl.DateTimeFormat[] = [];
  const nameIn = (index: number, ms: number): string => {
    const format = (formats[index] ??= new Intl.DateTimeFormat(LOCALES[index], { timeZone: zone, timeZoneName: "short" }));
    return format.formatToParts(ms).find(({ type }) => type === "timeZoneName")?.value ?? "";
  };
  return (ms, offset) => {
    const other = OTHERS[zone]?.[offset];
    if (other !== undefined) return other;
    for (const index of LOCALES.keys()) {
      const name = nameIn(index, ms);
      if (/^[A-Z]+$/.test(name)) return name;
    }
    return offset.endsWith("00") ? offset.slice(0, 3) : offset;
  };
}
