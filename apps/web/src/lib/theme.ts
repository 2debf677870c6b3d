import { STORAGE_KEYS } from "./storage.ts";
import type { Preferences } from "./storage.ts";

export type Theme = "light" | "dark" | "system";

export interface ThemeSwitch {
  current(): Theme;
  /** Stored, unless it is only for this visit. */
  choose(theme: Theme): void;
  subscribe(listener: () => void): () => void;
  /** Whether dark colours are shown now. */
  isDark(): boolean;
}

const isTheme = (value: string | undefined): value is Theme => value === "light" || value === "dark" || value === "system";

/** Classes `dark` and `light` on `<html>` (spec 50 section 3.13); "system" follows the system while the page is open. */
export function createThemeSwitch(deps: { document: Document; preferences: Preferences; systemDark: MediaQueryList }): ThemeSwitch {
  const { document, preferences, systemDark } = deps;
  const stored = preferences.read(STORAGE_KEYS.theme);
  let theme: Theme = isTheme(stored) ? stored : "system";
  const listeners = new Set<() => void>();
  const isDark = () => theme === "dark" || (theme === "system" && systemDark.matches);
  const paint = () => {
    const { classList } = document.documentElement;
    classList.toggle("dark", isDark());
    classList.toggle("light", !isDark());
    const canvas = getComputedStyle(document.documentElement).getPropertyValue("--background");
    document.querySelector('meta[name="theme-color"]')?.setAttribute("content", `hsl(${canvas})`);
    for (const listener of listeners) listener();
  };
  systemDark.addEventListener("change", paint);
  paint();
  return {
    current: () => theme,
    isDark,
    choose(next) {
      theme = next;
      preferences.write(STORAGE_KEYS.theme, next);
      paint();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
