import { groupLoss } from "#features/notifications";
import type { Cascade, Changes, Queries } from "#platform/database";
import type { Report } from "./model.ts";
import { reportKind, reportStore } from "./store.ts";

/** What reports do when something they name, or their owner, is deleted. */
export interface ReportCascades {
  readonly servers: Cascade;
  readonly services: Cascade;
  readonly serverGroups: Cascade;
  readonly notificationGroups: Cascade;
  /** Administrators who are none any more tell no groups of others. */
  readonly demotedUsers: Cascade;
  readonly users: Cascade;
}

export function createReportCascades(): ReportCascades {
  const rewrite = async (tx: Queries, changes: Changes, change: (report: Report) => Report): Promise<void> => {
    for (const before of await reportKind.load(tx)) {
      const after = change(before);
      if (after === before) continue;
      await reportStore.setReferences(tx, after);
      changes.put(reportKind.name, after.id);
    }
  };
  /** A report whose last subject goes is about nothing, not about everything: it is switched off. */
  const without = (list: "serverIds" | "serviceIds" | "groupIds", ids: readonly number[], report: Report): Report => {
    if (!report[list].some((id) => ids.includes(id))) return report;
    const after = { ...report, [list]: report[list].filter((id) => !ids.includes(id)) };
    const isEmpty = after.serverIds.length + after.groupIds.length + after.serviceIds.length === 0;
    return isEmpty ? { ...after, enable: false } : after;
  };
  return {
    servers: (tx, ids, changes) => rewrite(tx, changes, (report) => without("serverIds", ids, report)),
    services: (tx, ids, changes) => rewrite(tx, changes, (report) => without("serviceIds", ids, report)),
    serverGroups: (tx, ids, changes) => rewrite(tx, changes, (report) => without("groupIds", ids, report)),
    notificationGroups: (tx, ids, changes) =>
      rewrite(tx, changes, (report) => (ids.includes(report.notificationGroupId) ? { ...report, notificationGroupId: 0 } : report)),
    async demotedUsers(tx, ids, changes) {
      const isLost = await groupLoss(tx, ids);
      await rewrite(tx, changes, (report) => (isLost(report) ? { ...report, notificationGroupId: 0 } : report));
    },
    async users(tx, ids, changes) {
      const gone = (await reportKind.load(tx)).filter(({ ownerId }) => ids.includes(ownerId)).map(({ id }) => id);
      if (gone.length > 0) await reportStore.delete(tx, gone);
      changes.gone(reportKind.name, gone);
    },
  };
}
