/** Values of columns as people and older versions left them (spec 41 section 9.3b): whatever cannot be read is a zero value. */

/** Text; NULL is "". */
export function readText(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "bigint" ? String(value) : "";
}

/** A finite number; NULL and text that is none are 0. */
export function readNumber(value: unknown): number {
  const number = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value ?? 0);
  return Number.isFinite(number) ? number : 0;
}

/** A three-state flag: NULL stays null. */
export function readOptionalFlag(value: unknown): boolean | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return /^(?:1|t|true)$/i.test(value.trim());
  return value !== 0 && value !== 0n && value !== false;
}

/** A flag; NULL is false. */
export function readFlag(value: unknown): boolean {
  return readOptionalFlag(value) ?? false;
}

/** 0 or 1. */
export function writeFlag(value: boolean): number {
  return value ? 1 : 0;
}

/** Items of a comma list, without blanks around them; NULL and "" are the empty list. */
export function readCsv(value: unknown): string[] {
  return readText(value)
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
