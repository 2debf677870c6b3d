import type { Report } from "@windfire/api";
import { Send } from "lucide-react";
import { useState } from "react";
import { NotificationTabs } from "#features/notifications/console/notification-tabs.tsx";
import type { Formats } from "#lib/formats.ts";
import { useFormats } from "#lib/formats.ts";
import { parseTime, weekdayName } from "#lib/time-format.ts";
import { useApp } from "#shell/app-context.tsx";
import { GroupName } from "#shell/console/fields/group-select.tsx";
import { useList, useWrite } from "#shell/console/queries.ts";
import { ResourcePage } from "#shell/console/resource-page.tsx";
import type { Pausing } from "#shell/console/row-menu.tsx";
import { IconButton } from "#ui/button.tsx";
import { Chip } from "#ui/chip.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import type { Column } from "#ui/data-table.tsx";
import { ReportEditor } from "./report-editor.tsx";
import { readReport, writeReport } from "./report-values.ts";

const PAUSING: Pausing<Report> = {
  isOn: ({ enable }) => enable,
  set: (api, row, on) => api.patch(`/report/${row.id}`, writeReport({ ...readReport(row), enabled: on })),
  stale: ["/report"],
};

/** What is told of the fleet at times: a day, a week or a month at once. */
export function Page() {
  const { t } = useFormats();
  const [sending, setSending] = useState<Report>();
  return (
    <ResourcePage
      title={t("nav.reports")}
      list={useList("/report")}
      columns={useColumns()}
      texts={{ add: t("reports.add"), none: t("reports.none"), noneHelp: t("reports.noneHelp") }}
      deleteHelp={t("reports.deleteHelp")}
      remove={{ path: "/batch-delete/report", stale: ["/report"] }}
      pausing={PAUSING}
      rowActions={(row) => (
        <IconButton label={`${t("reports.send")}: ${row.name}`} onClick={() => setSending(row)}>
          <Send className="size-4" aria-hidden="true" />
        </IconButton>
      )}
      editor={(place) => <ReportEditor key={place.row?.id ?? "new"} {...place} />}
    >
      <NotificationTabs />
      {sending === undefined ? null : <SendNow report={sending} onClose={() => setSending(undefined)} />}
    </ResourcePage>
  );
}

function SendNow({ report, onClose }: { readonly report: Report; readonly onClose: () => void }) {
  const { t } = useFormats();
  const { toasts } = useApp();
  const send = useWrite((api, id: number) => api.post(`/report/${id}/send`), ["/report", "/delivery"]);
  return (
    <ConfirmDialog
      title={t("reports.sendTitle")}
      names={[report.name]}
      verb={t("reports.send")}
      dangerous={false}
      run={async () => {
        if (report.notification_group_id === 0) throw new Error(t("notify.needed"));
        await send.mutateAsync(report.id);
        toasts.show({ text: t("reports.sent", { name: report.name }) });
      }}
      onClose={onClose}
    >
      {t("reports.sendHelp")}
    </ConfirmDialog>
  );
}

/** "Mon at 08:00" */
function planText({ t, language }: Formats, { every, at, weekday, day }: Report): string {
  switch (every) {
    case "daily":
      return t("reports.say.daily", { at });
    case "weekly":
      return t("reports.say.weekly", { day: weekdayName(language, weekday), at });
    case "monthly":
      return t("reports.say.monthly", { day, at });
  }
}

function useColumns(): Column<Report>[] {
  const formats = useFormats();
  const { t, time } = formats;
  const moment = (text: string | undefined) => {
    const at = parseTime(text);
    return at === undefined ? "–" : <span title={time.full(at)}>{time.dateTime(at)}</span>;
  };
  return [
    {
      key: "plan",
      label: t("windows.when"),
      cell: (row) => <span className="text-ink-2">{planText(formats, row)}</span>,
    },
    { key: "tell", label: t("notify.tell"), className: "wider", cell: (row) => <GroupName id={row.notification_group_id} /> },
    { key: "next", label: t("reports.next"), className: "wide", cell: (row) => moment(row.next_at) },
    { key: "last", label: t("reports.last"), className: "wider", cell: (row) => moment(row.last_sent_at) },
    {
      key: "state",
      label: t("alerts.state"),
      className: "wider",
      cell: (row) => (row.enable ? <Chip tone="ok">{t("alerts.enabled")}</Chip> : <Chip>{t("alerts.off")}</Chip>),
      sortBy: (row) => Number(row.enable),
    },
  ];
}
