/** `2,10` as ids; what is no number is left out, as the dashboard does. */
export function readIds(text: string): number[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => /^\d+$/.test(part))
    .map(Number);
}
