import { canManage, reachesServer, requireNotificationGroup, serverListOf } from "#access/policy";
import type { Owned } from "#access/policy";
import { refuse, refuseText } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { nextAt } from "./model.ts";
import type { Calendar, Report, ReportSettings } from "./model.ts";
import { reportKind, reportStore } from "./store.ts";
import type { Reports } from "./store.ts";

const KIND = reportKind.name;

export interface ReportCommandDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  readonly reports: Reports;
  readonly calendarOf: (zone: string) => Calendar;
  readonly requireRoom: (user: User, rows: number) => void;
  readonly notificationGroupOwner: (groupId: number) => Promise<number | undefined>;
  /** Who owns what a report is about; `undefined` when there is none of that id. */
  readonly ownerOf: (subject: "server" | "group" | "service", id: number) => number | undefined;
}

/** What a caller may do with reports: with their own, an administrator with all. */
export function createReportCommands(deps: ReportCommandDeps) {
  const { audit, database, now, reports } = deps;

  /** A report is about more than the servers of a token's list. */
  const isMine = (caller: Caller, report: Owned): boolean => serverListOf(caller) === undefined && canManage(caller, report);
  const mine = (caller: Caller, id: number, report: Report | undefined): Report => {
    if (!report || !isMine(caller, report)) throw refuseText(`report id ${id} does not exist`);
    return report;
  };
  const requireSubjects = (
    caller: Caller,
    subject: "server" | "group" | "service",
    ids: readonly number[],
    stored: readonly number[],
  ): void => {
    for (const id of ids) {
      if (stored.includes(id)) continue;
      const ownerId = deps.ownerOf(subject, id);
      const isTheirs = ownerId !== undefined && canManage(caller, { ownerId }) && (subject !== "server" || reachesServer(caller, id));
      if (!isTheirs) throw refuseText(`${subject} id ${id} does not exist`);
    }
  };
  /** `stored`: the row that is replaced; what it names already may be gone. */
  const requireReferences = async (caller: Caller, settings: ReportSettings, stored?: Report): Promise<void> => {
    if (serverListOf(caller) !== undefined) throw refuse("permission denied");
    requireSubjects(caller, "server", settings.serverIds, stored?.serverIds ?? []);
    requireSubjects(caller, "group", settings.groupIds, stored?.groupIds ?? []);
    requireSubjects(caller, "service", settings.serviceIds, stored?.serviceIds ?? []);
    const { notificationGroupId } = settings;
    const owner = notificationGroupId === 0 ? undefined : await deps.notificationGroupOwner(notificationGroupId);
    requireNotificationGroup(caller, notificationGroupId, () => owner, stored?.notificationGroupId);
  };
  const nextOf = ({ enable, plan }: ReportSettings): number => (enable ? nextAt(plan, now(), deps.calendarOf(plan.zone)) : 0);

  return {
    mine,
    requireReferences,
    list: (caller: Caller): Report[] => reports.list().filter((report) => isMine(caller, report)),
    find: (caller: Caller, id: number): Report => mine(caller, id, reports.get(id)),

    async create(caller: Caller, user: User, settings: ReportSettings): Promise<number> {
      return database.change(async (tx, changes) => {
        await requireReferences(caller, settings);
        deps.requireRoom(user, reports.by("owner", user.id).length);
        const id = await reportStore.insert(tx, user.id, settings, nextOf(settings), now());
        changes.put(KIND, id);
        await audit.write(tx, { actor: actorOf(caller), action: "report.create", kind: KIND, key: id, to: settings });
        return id;
      });
    },
    /** What was due and is not told yet is planned anew. */
    async update(caller: Caller, id: number, settings: ReportSettings): Promise<void> {
      await database.change(async (tx, changes) => {
        const stored = mine(caller, id, await reportStore.find(tx, id));
        await requireReferences(caller, settings, stored);
        await reportStore.update(tx, id, settings, nextOf(settings), now());
        changes.put(KIND, id);
        const to = await reportStore.find(tx, id);
        await audit.write(tx, { actor: actorOf(caller), action: "report.update", kind: KIND, key: id, from: stored, to });
      });
    },
    /** All or nothing on permission; unknown ids are passed over. */
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx, changes) => {
        const found = await reportKind.load(tx, [...new Set(ids)]);
        if (!found.every((report) => isMine(caller, report))) throw refuse("permission denied");
        if (found.length === 0) return;
        for (const report of found)
          await audit.write(tx, { actor: actorOf(caller), action: "report.delete", kind: KIND, key: report.id, from: report });
        const gone = found.map(({ id }) => id);
        await reportStore.delete(tx, gone);
        changes.gone(KIND, gone);
      });
    },
  };
}

export type ReportCommands = ReturnType<typeof createReportCommands>;
