import { STORAGE_KEYS } from "./storage.ts";
import type { Preferences } from "./storage.ts";

/** Whether keys without Ctrl do something: whoever speaks to the computer, or types by accident, switches them off. */
export const usesSingleKeys = (preferences: Preferences): boolean => preferences.read(STORAGE_KEYS.singleKeys) !== "off";

/** Keeps the choice in this browser; it counts from the next key on. */
export const chooseSingleKeys = (preferences: Preferences, on: boolean): void =>
  preferences.write(STORAGE_KEYS.singleKeys, on ? "on" : "off");
