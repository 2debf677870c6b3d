import type { Deliveries, Notice } from "#features/notifications";
import { refuseText } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Changes, Database, Queries } from "#platform/database";
import type { Seat } from "#platform/leases";
import { figuresOf } from "./figures.ts";
import type { Figures, FigureSources } from "./figures.ts";
import { nextAt, periodBefore } from "./model.ts";
import type { Calendar, Report, Span } from "./model.ts";
import { reportKind, reportStore } from "./store.ts";
import type { Reports } from "./store.ts";
import { textOf } from "./text.ts";

export interface SendingDeps extends FigureSources {
  readonly database: Pick<Database, "change">;
  /** What is due is told with it. */
  readonly judged: Pick<Seat["database"], "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly deliveries: Pick<Deliveries, "tell" | "wouldTell">;
  readonly reports: Pick<Reports, "list">;
  readonly calendarOf: (zone: string) => Calendar;
  readonly translate: (messageId: string, ...args: (string | number)[]) => string;
  readonly onError: (error: unknown) => void;
}

/** What is told of the last whole period. */
export interface Rendered {
  readonly title: string;
  readonly text: string;
  readonly span: Span;
  readonly figures: Figures;
}

/** One that could not be made is tried again after this long. */
const RETRY_MS = 5 * 60_000;

const REACHES_NOBODY = "notification_group_id: nobody would be told: there is no such group, or it has no channel that takes reports";

function noticeOf(report: Report, { text }: Rendered): Notice {
  return { text, ownerId: report.ownerId, severity: "info", facts: { subject: report.name } };
}

/** Makes reports and hands them to the outbox. */
export function createSending(deps: SendingDeps) {
  const { database, judged, now } = deps;
  /** When a report that could not be made is tried again. */
  const postponed = new Map<number, number>();

  /** When reports come up next: the same for every moment from `since` until then. */
  const found = new WeakMap<Report, { readonly since: number; readonly next: number }>();
  const nextOf = (report: Report): number => {
    const at = now();
    const known = found.get(report);
    if (known && known.since <= at && at < known.next) return known.next;
    const next = nextAt(report.plan, at, deps.calendarOf(report.plan.zone));
    found.set(report, { since: at, next });
    return next;
  };
  const isPostponed = ({ id }: Report): boolean => {
    const waitsFor = (postponed.get(id) ?? 0) - now();
    return waitsFor > 0 && waitsFor <= RETRY_MS;
  };
  const render = async (report: Report): Promise<Rendered> => {
    const calendar = deps.calendarOf(report.plan.zone);
    const span = periodBefore(report.plan, now(), calendar);
    const figures = await figuresOf(deps, report, span);
    return { ...textOf(report, figures, span, calendar, deps.translate), span, figures };
  };
  const tell = (tx: Queries, changes: Changes, report: Report, rendered: Rendered): Promise<void> =>
    deps.deliveries.tell(tx, changes, report.notificationGroupId, noticeOf(report, rendered));
  /** The row is looked at again: what was edited meanwhile, or told by another process, is not told. */
  const sendDue = async (report: Report): Promise<void> => {
    const rendered = await render(report);
    await judged.change(async (tx, changes) => {
      const stored = await reportStore.find(tx, report.id);
      if (stored?.nextAt !== report.nextAt || stored.updatedAt !== report.updatedAt) return;
      const next = nextOf(report);
      await reportStore.sent(tx, report.id, { nextAt: next, at: now() });
      changes.put(reportKind.name, report.id);
      await tell(tx, changes, report, rendered);
    });
  };
  /** When it comes up next lies further off than it can: it was found by a clock that was ahead. */
  const setRight = async (report: Report, next: number): Promise<void> => {
    await judged.change(async (tx, changes) => {
      const stored = await reportStore.find(tx, report.id);
      if (stored?.nextAt !== report.nextAt || stored.updatedAt !== report.updatedAt) return;
      await reportStore.sent(tx, report.id, { nextAt: next, at: stored.lastSentAt });
      changes.put(reportKind.name, report.id);
    });
  };
  const lookAt = async (report: Report): Promise<void> => {
    if (!report.enable || report.nextAt === 0 || isPostponed(report)) return;
    try {
      const next = nextOf(report);
      if (report.nextAt > next) await setRight(report, next);
      else if (report.nextAt <= now()) await sendDue(report);
      postponed.delete(report.id);
    } catch (error) {
      postponed.set(report.id, now() + RETRY_MS);
      deps.onError(error);
    }
  };
  return {
    render,
    /** Tells what is due; what was due while the dashboard was down is told once. */
    async look(): Promise<void> {
      for (const report of deps.reports.list()) await lookAt(report);
    },
    /** `requireMine` refuses a stored row that the caller may not send. @throws {AppError} also where it would reach nobody */
    async sendNow(caller: Caller, report: Report, requireMine: (stored: Report | undefined) => Report): Promise<void> {
      const rendered = await render(report);
      await database.change(async (tx, changes) => {
        const stored = requireMine(await reportStore.find(tx, report.id));
        if (stored.updatedAt !== report.updatedAt) throw refuseText("the report was changed meanwhile: send it again");
        if (!deps.deliveries.wouldTell(stored.notificationGroupId, noticeOf(stored, rendered))) throw refuseText(REACHES_NOBODY);
        await reportStore.sent(tx, report.id, { nextAt: stored.nextAt, at: now() });
        changes.put(reportKind.name, report.id);
        await deps.audit.write(tx, { actor: actorOf(caller), action: "report.send", kind: reportKind.name, key: report.id });
        await tell(tx, changes, stored, rendered);
      });
    },
    forget: (reportId: number): void => void postponed.delete(reportId),
  };
}

export type Sending = ReturnType<typeof createSending>;
