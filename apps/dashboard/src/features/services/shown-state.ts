import type { Service } from "@windfire/api";
import { formatInstant } from "#kernel";
import { HEALTH } from "./engine.ts";
import type { Health, ProbeState } from "./engine.ts";

export type ShownState = Pick<Service, "state" | "certificate">;

const NAMES: Readonly<Record<Health, Service["state"]>> = {
  [HEALTH.unset]: undefined,
  [HEALTH.noData]: "no-data",
  [HEALTH.good]: "good",
  [HEALTH.low]: "low",
  [HEALTH.down]: "down",
};
const DAY_MS = 86_400_000;

/** What a service is like, and how long its certificate is good; what is not known is left out. */
export function shownState(known: ProbeState | undefined, now: number): ShownState {
  const state = NAMES[known?.health ?? HEALTH.unset];
  const certificate = known?.certificate;
  return {
    ...(state === undefined ? {} : { state }),
    ...(certificate === undefined
      ? {}
      : {
          certificate: {
            issuer: certificate.issuer,
            expires_at: formatInstant(certificate.expires),
            days_left: Math.floor((certificate.expires - now) / DAY_MS),
          },
        }),
  };
}
