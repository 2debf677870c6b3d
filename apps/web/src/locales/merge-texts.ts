import type { Texts } from "#lib/plurals.ts";

/** Texts of a half over the shared ones, area by area. */
export function mergeTexts(shared: Texts, own: Texts): Texts {
  const merged: Record<string, string | Texts> = { ...shared };
  for (const [key, value] of Object.entries(own)) {
    const below = merged[key];
    merged[key] = typeof below === "object" && typeof value === "object" ? mergeTexts(below, value) : value;
  }
  return merged;
}
