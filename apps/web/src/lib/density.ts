import { STORAGE_KEYS } from "./storage.ts";
import type { Preferences } from "./storage.ts";

export const isCompact = (preferences: Preferences): boolean => preferences.read(STORAGE_KEYS.density) === "compact";

/** Rows and controls as high as the reader wants them: `data-density` on `<html>` switches the measures of `ui/tokens.css`. */
export function applyDensity(document: Document, preferences: Preferences): void {
  const { documentElement } = document;
  if (isCompact(preferences)) documentElement.dataset["density"] = "compact";
  else delete documentElement.dataset["density"];
}

/** Keeps the choice in this browser. */
export function chooseDensity(document: Document, preferences: Preferences, compact: boolean): void {
  preferences.write(STORAGE_KEYS.density, compact ? "compact" : "normal");
  applyDensity(document, preferences);
}
