const UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
const PART = /(\d+\.?\d*|\.\d+)([^\d.]*)/y;
const LONGEST_MS = 2 ** 63 / 1e6;

/** Milliseconds of a text such as `1h30m` or `1.5s`, or what is wrong with it. */
export function parseDuration(text: string): { readonly ms: number } | { readonly error: string } {
  const invalid = { error: `time: invalid duration ${JSON.stringify(text)}` };
  const sign = text.startsWith("-") ? -1 : 1;
  const unsigned = text.replace(/^[+-]/, "");
  if (unsigned === "0") return { ms: 0 };
  if (unsigned === "") return invalid;
  let total = 0;
  let position = 0;
  while (position < unsigned.length) {
    PART.lastIndex = position;
    const match = PART.exec(unsigned);
    if (match === null) return invalid;
    const [whole, number = "", unit = ""] = match;
    if (unit === "") return { error: `time: missing unit in duration ${JSON.stringify(text)}` };
    const factor = Object.hasOwn(UNITS_MS, unit) ? UNITS_MS[unit] : undefined;
    if (factor === undefined) return { error: `time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}` };
    total += Number(number) * factor;
    position += whole.length;
  }
  return total > LONGEST_MS ? invalid : { ms: sign * total };
}
