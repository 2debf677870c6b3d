import type { Triggers } from "#features/cron";
import { incidentStore } from "#features/incidents";
import type { Incidents, Outcome } from "#features/incidents";
import type { LiveServer } from "#features/servers";
import { joinedAddress, serverStore } from "#features/servers";
import type { Changes, Database, Queries } from "#platform/database";
import type { AlertCoverage } from "./coverage.ts";
import type { AlertRule } from "./model.ts";
import { alertStore } from "./store.ts";
import type { AlertRules } from "./store.ts";
import type { Transition } from "./transitions.ts";

/** Abandoned in one transaction. */
const AT_ONCE = 100;

export interface PerformDeps {
  /** Incidents that nobody looks at are ended with it. */
  readonly judged: Pick<Database, "change">;
  readonly alerts: Pick<AlertRules, "get">;
  readonly coverage: Pick<AlertCoverage, "reaches">;
  readonly incidents: Pick<Incidents, "ledger" | "open">;
  readonly triggers: Pick<Triggers, "add">;
  readonly servers: { get(id: number): Pick<LiveServer, "settings" | "address"> | undefined };
  /** Whether a rule is judged at all: it is on, and valid. */
  readonly isWatched: (ruleId: number) => boolean;
  /** Whether another process has the server now, and judges it. */
  readonly isJudgedElsewhere?: (serverId: number) => boolean;
  /** Whether somebody's records address every server, as a transaction sees it. */
  readonly ownsEverythingIn: (tx: Queries, userId: number) => Promise<boolean>;
  readonly translate: (messageId: string) => string;
  /** Addresses as messages show them: as they are, or masked. */
  readonly shownAddress: (address: string) => string;
}

/** Carries out what follows from a rule that fails on a server, or passes again (spec 30 section 2.5). */
export function createPerform({ judged, alerts, coverage, incidents, triggers, servers, ...deps }: PerformDeps) {
  const textOf = (what: "Incident" | "Resolved", rule: AlertRule, server: Pick<LiveServer, "settings" | "address">): string => {
    const address = joinedAddress(server.address);
    const shown = address === "" ? "" : ` (${deps.shownAddress(address)})`;
    return `[${deps.translate(what)}] ${server.settings.name}${shown}: ${rule.name}`;
  };
  const runTasks = (tx: Queries, changes: Changes, rule: AlertRule, serverId: number, list: readonly number[] | null): Promise<void> => {
    const { id, ownerId } = rule;
    return triggers.add(tx, changes, { sourceId: id, lane: `${id} ${serverId}`, serverId, ownerId, cronIds: list ?? [] });
  };
  const raise = async (tx: Queries, changes: Changes, rule: AlertRule, { serverId, at, facts }: Transition): Promise<void> => {
    const server = servers.get(serverId);
    if (!server) return;
    const opened = await incidents.ledger.open(tx, changes, {
      source: "alert",
      sourceId: rule.id,
      serverId,
      ownerId: rule.ownerId,
      groupId: rule.notificationGroupId,
      reminds: rule.triggerMode === 0,
      severity: rule.severity,
      title: rule.name,
      serverName: server.settings.name,
      text: textOf("Incident", rule, server),
      ...facts,
      openedAt: at,
    });
    if (opened) await runTasks(tx, changes, rule, serverId, rule.failTriggerTasks);
  };
  const clear = async (tx: Queries, changes: Changes, rule: AlertRule, { serverId, facts }: Transition): Promise<void> => {
    const server = servers.get(serverId);
    if (!server) return;
    const pair = { source: "alert", sourceId: rule.id, serverId } as const;
    const ended = await incidents.ledger.recover(tx, changes, pair, textOf("Resolved", rule, server), facts.value);
    if (ended) await runTasks(tx, changes, rule, serverId, rule.recoverTriggerTasks);
  };
  const reachesIn = async (tx: Queries, { ownerId }: AlertRule, serverId: number): Promise<boolean> => {
    const server = await serverStore.find(tx, serverId);
    return server !== undefined && (server.ownerId === ownerId || (await deps.ownsEverythingIn(tx, ownerId)));
  };
  /** Why nobody looks at a pair any more, `undefined` when somebody does. */
  const endOf = (ruleId: number, serverId: number): Outcome | undefined => {
    const rule = alerts.get(ruleId);
    if (!rule) return "deleted";
    if (!servers.get(serverId)) return "server-deleted";
    if (!deps.isWatched(ruleId)) return "disabled";
    return coverage.reaches(rule, serverId) ? undefined : "out-of-reach";
  };
  return {
    /**
     * In a transaction of the caller's. Of a rule that was saved meanwhile, or a server it does not reach any more, nothing follows; nor of what
     * could not be written until another process had the server, which has judged it since.
     */
    async write(tx: Queries, changes: Changes, transition: Transition): Promise<void> {
      if (deps.isJudgedElsewhere?.(transition.serverId) === true) return;
      const rule = await alertStore.find(tx, transition.ruleId);
      if (!rule || rule.saves !== transition.saves || rule.enable !== true || !(await reachesIn(tx, rule, transition.serverId))) return;
      await (transition.kind === "raise" ? raise : clear)(tx, changes, rule, transition);
    },
    /** Ends incidents of pairs that nobody looks at any more. */
    async reconcile(): Promise<void> {
      const stray = incidents.open
        .list()
        .filter(({ source, sourceId, serverId }) => source === "alert" && endOf(sourceId, serverId) !== undefined);
      for (let from = 0; from < stray.length; from += AT_ONCE) {
        const some = stray.slice(from, from + AT_ONCE).map(({ id }) => id);
        await judged.change(async (tx, changes) => {
          for (const id of some) {
            const incident = await incidentStore.find(tx, id);
            const outcome = incident?.endedAt === 0 ? endOf(incident.sourceId, incident.serverId) : undefined;
            if (incident && outcome) await incidents.ledger.abandon(tx, changes, [incident], outcome);
          }
        });
      }
    },
  };
}
