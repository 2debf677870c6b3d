import type { Clock } from "@windfire/kit";
import type { GeoIP } from "@windfire/protocol";
import type { Addresses } from "./finder.ts";

export interface AddressSettings {
  readonly use_ipv6_country_code: boolean;
  readonly custom_ip_api: readonly string[];
}

/** Knows the host's public addresses and whether the dashboard has heard of them (spec 21 section 5). */
export interface AddressWatch {
  /**
   * Looks the addresses up. What to report, or undefined when there is nothing to say: no address was found, or it is
   * still the same and `force` is not set.
   */
  look(settings: AddressSettings, force: boolean): Promise<Partial<GeoIP> | undefined>;
  /** To be called when the dashboard has taken a report. */
  reported(): void;
}

export interface AddressWatchDeps {
  readonly clock: Clock;
  readonly find: (configured: readonly string[]) => Promise<Addresses>;
}

/** Failures in a row after which look-ups rest and the dashboard is left to see the address of the connection. */
const MAX_FAILURES = 2;
const NO_ADDRESSES: Addresses = { ipv4: "", ipv6: "" };

export function createAddressWatch({ clock, find }: AddressWatchDeps): AddressWatch {
  let known = NO_ADDRESSES;
  let hasChanged = true;
  let failures = { count: 0, firstMs: 0, lastMs: 0 };

  const isResting = (): boolean =>
    failures.count > MAX_FAILURES && clock.monotonic() < failures.lastMs + 2 * (failures.lastMs - failures.firstMs);
  const noteFailure = (): void => {
    const nowMs = clock.monotonic();
    failures = { count: failures.count + 1, firstMs: failures.count === 0 ? nowMs : failures.firstMs, lastMs: nowMs };
  };

  return {
    look: async (settings, force) => {
      const use6 = settings.use_ipv6_country_code;
      if (isResting()) return force || hasChanged ? { use6, ip: NO_ADDRESSES } : undefined;
      const found = await find(settings.custom_ip_api);
      const isFound = found.ipv4 !== "" || found.ipv6 !== "";
      if (isFound) failures = { count: 0, firstMs: 0, lastMs: 0 };
      if (!isFound && known === NO_ADDRESSES) {
        noteFailure();
        return undefined;
      }
      if (isFound && (found.ipv4 !== known.ipv4 || found.ipv6 !== known.ipv6)) {
        known = found;
        hasChanged = true;
      }
      return force || hasChanged ? { use6, ip: known } : undefined;
    },
    reported: () => {
      hasChanged = false;
    },
  };
}
