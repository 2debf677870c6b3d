import { AlertDryRun, AlertDryRunForm, DRY_RUN_LIMITS } from "@windfire/api";
import { createSerialQueue } from "@windfire/kit";
import { canManageServer } from "#access/policy";
import type { LiveServer } from "#features/servers";
import { formatInstant, refuse, refuseText, requireUser, scope } from "#kernel";
import { route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import { conditionProblem } from "../model.ts";
import type { AlertCondition } from "../model.ts";
import type { createDryRun, DryRunResult } from "./dry-run.ts";

/** Dry runs that wait for their turn; one runs at a time. */
const MOST_WAITING = 8;
/** Of one user, so that nobody keeps the others from theirs. */
const MOST_OF_ONE = 2;

export interface DryRunRouteDeps {
  readonly dryRun: ReturnType<typeof createDryRun>;
  readonly servers: { list(): readonly LiveServer[] };
  readonly now: () => number;
  readonly conditionOf: (form: AlertDryRunForm["rules"][number]) => AlertCondition;
}

/** What a rule would have told in the past. Ours. */
export function dryRunRoutes({ dryRun, servers, now, conditionOf }: DryRunRouteDeps): AnyRoute[] {
  const turns = createSerialQueue();
  /** Who waits, once for each run. */
  const waiting: number[] = [];
  return [
    route({
      method: "POST",
      path: "/alert-rule/dry-run",
      access: scope("nezha:alertrule:read"),
      summary: "How often a rule would have failed in the last days, by what is stored; changes nothing",
      tag: "alert rule",
      body: AlertDryRunForm,
      data: AlertDryRun,
      async run({ caller, body: { rules, days, servers: ids } }) {
        const conditions = rules.map(conditionOf);
        for (const condition of conditions) {
          const problem = conditionProblem(condition, now());
          if (problem !== undefined) throw refuse(problem);
        }
        const mine = servers.list().filter((server) => canManageServer(caller, server.settings));
        const stranger = ids?.find((id) => !mine.some((server) => server.id === id));
        if (stranger !== undefined) throw refuseText(`servers: server id ${stranger} does not exist`);
        const { id: userId } = requireUser(caller);
        const isMany = waiting.length >= MOST_WAITING || waiting.filter((id) => id === userId).length >= MOST_OF_ONE;
        if (isMany) throw refuseText("too many dry runs at once; try again in a minute");
        waiting.push(userId);
        try {
          const chosen = ids ? mine.filter(({ id }) => ids.includes(id)) : mine;
          return shown(await turns.run(() => dryRun(conditions, days, chosen)));
        } finally {
          waiting.splice(waiting.indexOf(userId), 1);
        }
      },
    }),
  ];
}

function shown({ whole, servers, notJudged, leftOut }: DryRunResult): AlertDryRun {
  return {
    from: formatInstant(whole.from),
    to: formatInstant(whole.to),
    fired: servers.reduce((sum, { firings }) => sum + firings.length, 0),
    servers: servers.map(({ server, firings, known }) => ({
      server_id: server.id,
      server_name: server.settings.name,
      fired: firings.length,
      known: Math.round(known * 100) / 100,
      firings: firings
        .slice(-DRY_RUN_LIMITS.firings)
        .map(({ from, to }) => ({ from: formatInstant(from), ...(to === undefined ? {} : { to: formatInstant(to) }) })),
    })),
    not_judged: notJudged.map(({ index, type, reason }) => ({ rule: index + 1, type, reason })),
    servers_left_out: leftOut,
  };
}
