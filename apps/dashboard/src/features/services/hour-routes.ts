import { ServiceHours } from "@windfire/api";
import { formatInstant, scope } from "#kernel";
import { route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { ServiceCommands } from "./commands.ts";
import type { ServiceHalves } from "./halves.ts";

const HOUR_MS = 3_600_000;
const HOURS = 24;

export interface ServiceHourDeps {
  readonly commands: Pick<ServiceCommands, "list">;
  readonly halves: Pick<ServiceHalves, "course">;
  readonly now: () => number;
}

/** The last 24 hours of UTC, the one that is under way as the last: Unix milliseconds. */
function lastHours(now: number): number[] {
  const last = Math.floor(now / HOUR_MS);
  return Array.from({ length: HOURS }, (_none, at) => (last - (HOURS - 1 - at)) * HOUR_MS);
}

/** What probes came to by the hour. Ours: the reference counts days. */
export function serviceHourRoutes({ commands, halves, now }: ServiceHourDeps): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/service/hours",
      access: scope("nezha:service:read"),
      summary: "What probes of the services that the caller may manage came to in the last 24 hours, all together",
      tag: "service",
      data: ServiceHours,
      async run({ caller }) {
        const starts = lastHours(now());
        const ids = commands.list(caller).map(({ id }) => id);
        return (await halves.course(ids, starts)).map((counts, at) => ({ from: formatInstant(starts[at] ?? 0), ...counts }));
      },
    }),
  ];
}
