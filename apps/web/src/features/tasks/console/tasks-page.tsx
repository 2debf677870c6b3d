import type { Cron } from "@windfire/api";
import { Link, useNavigate } from "@tanstack/react-router";
import { Play } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useApp } from "#shell/app-context.tsx";
import { CoverageText } from "#shell/console/fields/coverage-field.tsx";
import { readTaskCoverage } from "#shell/console/fields/coverage.ts";
import { useList, useRead, useWrite } from "#shell/console/queries.ts";
import { ResourcePage } from "#shell/console/resource-page.tsx";
import { IconButton } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import type { Column } from "#ui/data-table.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import { failedTasks, useLastRuns } from "./last-runs.ts";
import { TaskEditor } from "./task-editor.tsx";
import { TaskTabs } from "./task-tabs.tsx";
import { readTask } from "./task-values.ts";

const EVERY_MS = 10_000;

/** Commands that run on servers. */
export function Page() {
  const { t } = useFormats();
  const [running, setRunning] = useState<Cron>();
  useRead("/cron", undefined, { everyMs: EVERY_MS });
  const tasks = useList("/cron");
  const failed = failedTasks(tasks.rows, useLastRuns(EVERY_MS));
  return (
    <ResourcePage
      title={t("nav.tasks")}
      list={tasks}
      columns={useColumns(failed)}
      words={(row) => `${row.command ?? ""} ${row.scheduler}`}
      texts={{ add: t("tasks.add"), none: t("tasks.none"), noneHelp: t("tasks.noneHelp") }}
      deleteHelp={t("tasks.deleteHelp")}
      remove={{ path: "/batch-delete/cron", stale: ["/cron"] }}
      rowActions={(row) => (
        <IconButton label={`${t("tasks.run")}: ${row.name}`} onClick={() => setRunning(row)}>
          <Play className="size-4" aria-hidden="true" />
        </IconButton>
      )}
      editor={(place) => <TaskEditor key={place.row?.id ?? "new"} {...place} />}
    >
      <TaskTabs />
      {running === undefined ? null : <RunTask task={running} onClose={() => setRunning(undefined)} />}
    </ResourcePage>
  );
}

function useColumns(failed: ReadonlySet<number>): Column<Cron>[] {
  const { t, time } = useFormats();
  return [
    {
      key: "when",
      label: t("tasks.expression"),
      cell: (row) =>
        readTask(row).kind === "scheduled" ? (
          <span className="font-mono text-xs text-ink-2">{row.scheduler}</span>
        ) : (
          <span className="text-ink-2">{t("tasks.triggered")}</span>
        ),
      sortBy: (row) => row.scheduler,
    },
    {
      key: "command",
      label: t("tasks.command"),
      className: "wider",
      cell: (row) => <span className="block max-w-72 truncate font-mono text-xs text-ink-2">{row.command}</span>,
    },
    {
      key: "where",
      label: t("tasks.where"),
      className: "wider",
      cell: (row) => <CoverageText value={readTaskCoverage(row.cover, row.servers)} />,
    },
    {
      key: "last",
      label: t("tasks.last"),
      className: "wide",
      cell: (row) => {
        const at = parseTime(row.last_executed_at);
        if (at === undefined) return <span className="text-ink-3">{t("tasks.never")}</span>;
        return (
          <Link to="/cron-run" search={{ cron: String(row.id) }} className="inline-flex items-center gap-2 text-ink" title={time.full(at)}>
            <span className="sr-only">{t("runs.of", { name: row.name })}</span>
            <StateIcon state={failed.has(row.id) ? "critical" : "up"} label={t(failed.has(row.id) ? "tasks.failed" : "tasks.ok")} />
            {time.ago(at, Date.now())}
          </Link>
        );
      },
      sortBy: (row) => row.last_executed_at,
    },
  ];
}

function RunTask({ task, onClose }: { readonly task: Cron; readonly onClose: () => void }) {
  const { t, list } = useFormats();
  const { toasts } = useApp();
  const servers = useList("/server").rows;
  const navigate = useNavigate();
  const run = useWrite((api, id: number) => api.post(`/cron/${id}/manual`), ["/cron", "/cron-run"]);
  const { mode, ids } = readTaskCoverage(task.cover, task.servers);
  const names = servers.filter((server) => ids.includes(server.id) === (mode === "only")).map((server) => server.name);
  return (
    <ConfirmDialog
      title={t("tasks.runTitle")}
      names={[task.name]}
      verb={t("tasks.run")}
      dangerous={false}
      run={async () => {
        await run.mutateAsync(task.id);
        toasts.show({ text: t("tasks.runSent", { name: task.name }) });
        await navigate({ to: "/cron-run", search: { cron: String(task.id) } });
      }}
      onClose={onClose}
    >
      {mode === "alerting" ? t("tasks.runAlerting") : t("tasks.runHelp")}{" "}
      {mode === "alerting" || names.length === 0 ? null : t("tasks.onServers", { names: list(names) })}
    </ConfirmDialog>
  );
}
