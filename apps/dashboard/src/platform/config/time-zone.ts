import { zoneNamed, zoneOfProcess } from "#kernel";

/** `Local` is the zone of the process (`TZ`), as in the reference; every other name is one of the time zone database. */
const PROCESS_ZONE = "Local";

/** The zone that `location` names; `undefined` when there is none of that name. */
export function timeZoneOf(location: string): string | undefined {
  return location === PROCESS_ZONE ? zoneOfProcess() : zoneNamed(location);
}
