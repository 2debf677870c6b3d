import type { ServerReach } from "#access/policy";
import { covers } from "./model.ts";
import type { AlertCondition, AlertRule } from "./model.ts";

export interface AlertCoverageDeps {
  readonly reach: ServerReach;
  /** Whether an owner's records address every server: administrators and the global owner 0. */
  readonly ownsEverything: (userId: number) => boolean;
}

/** Which servers a rule is evaluated on, decided anew each time from its owner's servers (spec 30 section 2.4). */
export interface AlertCoverage {
  /** Servers the rule's owner reaches now, whatever its conditions cover. */
  servers(rule: AlertRule): Iterable<number>;
  reaches(rule: AlertRule, serverId: number): boolean;
  /** Whether a condition speaks of a server; one that does not counts as passed there. */
  covers(condition: AlertCondition, serverId: number): boolean;
}

export function createAlertCoverage({ reach, ownsEverything }: AlertCoverageDeps): AlertCoverage {
  return {
    servers: (rule) => reach.reachOf(rule.ownerId),
    reaches(rule, serverId) {
      const server = reach.server(serverId);
      return server !== undefined && (server.ownerId === rule.ownerId || ownsEverything(rule.ownerId));
    },
    covers,
  };
}
