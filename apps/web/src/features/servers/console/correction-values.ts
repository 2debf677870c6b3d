const GIB = 2 ** 30;
/** What the dashboard counts exactly. */
const MOST_BYTES = Number.MAX_SAFE_INTEGER;

/** Whole bytes of a written number of GiB, also less than 0, with a point or a comma; "" is 0; `undefined` for what is no number. */
export function bytesOfGib(written: string): number | undefined {
  const text = written.trim().replace(",", ".").replace("−", "-");
  if (text === "") return 0;
  if (!/^-?\d+(\.\d+)?$/.test(text)) return undefined;
  const bytes = Math.round(Number(text) * GIB);
  return Math.abs(bytes) <= MOST_BYTES ? bytes : undefined;
}
