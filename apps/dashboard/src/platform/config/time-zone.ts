/** `Local` is the zone of the process (`TZ`), as in the reference; every other name is one of the time zone database. */
const PROCESS_ZONE = "Local";

/** The zone that `location` names; `undefined` when there is none of that name. */
export function timeZoneOf(location: string): string | undefined {
  if (location === PROCESS_ZONE) return known(new Intl.DateTimeFormat("en").resolvedOptions().timeZone) ?? "UTC";
  return known(location);
}

function known(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
