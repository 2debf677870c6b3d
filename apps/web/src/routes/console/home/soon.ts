import type { ApiToken, Server, Service } from "@windfire/api";
import { parsePlan } from "#features/servers/shared/plan.ts";
import { parseTime } from "#lib/time-format.ts";

const DAY = 24 * 3_600_000;
/** How long before their end things are shown: plans are renewed by people, certificates mostly by themselves. */
const PLAN_DAYS = 30;
const CERTIFICATE_DAYS = 14;
const TOKEN_DAYS = 7;

/** Something that ends soon, or ended. */
export interface Soon {
  readonly kind: "plan" | "certificate" | "token";
  readonly id: number;
  readonly name: string;
  /** Whole days that are left; negative when it is over. */
  readonly days: number;
}

export interface SoonSources {
  readonly servers: readonly Pick<Server, "id" | "name" | "public_note">[];
  readonly services: readonly Pick<Service, "id" | "name" | "certificate">[];
  readonly tokens: readonly Pick<ApiToken, "id" | "name" | "expires_at">[];
}

/** What ends soon, the first first. A token that is over harms nobody and is left out. */
export function endingSoon({ servers, services, tokens }: SoonSources, now: number): Soon[] {
  const plans = servers.flatMap(({ id, name, public_note }): Soon[] => {
    const days = parsePlan(public_note ?? "", now)?.days;
    return typeof days === "number" && days <= PLAN_DAYS ? [{ kind: "plan", id, name, days }] : [];
  });
  const certificates = services.flatMap(({ id, name, certificate }): Soon[] =>
    certificate !== undefined && certificate.days_left <= CERTIFICATE_DAYS
      ? [{ kind: "certificate", id, name, days: certificate.days_left }]
      : [],
  );
  const ending = tokens.flatMap(({ id, name, expires_at }): Soon[] => {
    const days = Math.floor(((parseTime(expires_at) ?? Number.POSITIVE_INFINITY) - now) / DAY);
    return days >= 0 && days <= TOKEN_DAYS ? [{ kind: "token", id, name, days }] : [];
  });
  return [...plans, ...certificates, ...ending].toSorted((a, b) => a.days - b.days);
}
