import { z } from "zod";

/** Name of a time zone; empty: that of the configuration. */
export const timeZone = z.string().max(64).refine(isZone, "must be the name of a time zone, such as Europe/Berlin");

function isZone(text: string): boolean {
  if (text === "") return true;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
