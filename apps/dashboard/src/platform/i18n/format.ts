/** The placeholders that message ids use. */
export const PLACEHOLDER = /%(?:d|s|v|2f)/g;

/** Fills printf placeholders in order; `%2f` shows at most two decimals. One without an argument stays as it is. */
export function format(text: string, args: readonly (string | number)[]): string {
  let next = 0;
  return text.replace(PLACEHOLDER, (placeholder) => {
    const arg = args[next++];
    if (arg === undefined) return placeholder;
    return placeholder === "%2f" && typeof arg === "number" ? String(Number(arg.toFixed(2))) : String(arg);
  });
}
