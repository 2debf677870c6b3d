import type { CronRun } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { CursorPager } from "#shell/console/cursor-pager.tsx";
import { FilterChoice } from "#shell/console/filter-choice.tsx";
import { ListStates } from "#shell/console/list-states.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useList, useRead, useServerRows } from "#shell/console/queries.ts";
import { useSearchState } from "#shell/navigation.ts";
import { Button } from "#ui/button.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { MissedStarts } from "./missed-starts.tsx";
import { FILTERS, PAGE_SIZE, runQuery, STATES } from "./run-query.ts";
import { RunCount, RunState } from "./run-words.tsx";
import { TaskTabs } from "./task-tabs.tsx";

const NONE: readonly CronRun[] = [];
const EVERY_MS = 5_000;

/** What ran, newest first. Filters and page are in the address. */
export function Page() {
  const { t } = useFormats();
  const [search, change] = useSearchState();
  const { data, isPending, error } = useRead<CronRun[]>("/cron-run", runQuery(search), { everyMs: EVERY_MS });
  const rows = data ?? NONE;
  const filtered = FILTERS.some((name) => search[name] !== undefined);
  const showAll = () => change({ cron: "", server: "", state: "", before: "" });
  const none = filtered ? (
    <EmptyState title={t("table.noMatch")} action={<Button onClick={showAll}>{t("table.showAll")}</Button>} />
  ) : (
    <EmptyState title={t("runs.none")}>{t("runs.noneHelp")}</EmptyState>
  );
  return (
    <>
      <PageBar title={t("nav.runs")} />
      <TaskTabs />
      <MissedStarts />
      <Filters />
      <ListStates loading={isPending} error={error} empty={rows.length === 0} none={none}>
        <DataTable label={t("nav.runs")} columns={useColumns()} rows={rows} rowId={({ id }) => id} rowName={({ cron_name }) => cron_name} />
      </ListStates>
      <CursorPager next={rows.length < PAGE_SIZE ? undefined : rows.at(-1)?.id} />
    </>
  );
}

function Filters() {
  const { t } = useFormats();
  const tasks = useList("/cron").rows;
  const servers = useServerRows().rows;
  return (
    <div className="flex flex-wrap gap-2">
      <FilterChoice name="cron" label={t("runs.task")} choices={tasks.map(({ id, name }) => ({ value: id, label: name }))} />
      <FilterChoice name="server" label={t("column.server")} choices={servers.map(({ id, name }) => ({ value: id, label: name }))} />
      <FilterChoice name="state" label={t("column.state")} choices={STATES.map((value) => ({ value, label: t(`runs.states.${value}`) }))} />
    </div>
  );
}

function useColumns(): Column<CronRun>[] {
  const { t, time } = useFormats();
  const started = (row: CronRun) => parseTime(row.started_at) ?? 0;
  return [
    {
      key: "task",
      label: t("runs.task"),
      cell: (row) => (
        <Link
          to="/cron-run/$id"
          params={{ id: String(row.id) }}
          className="block max-w-72 truncate font-medium text-ink max-md:max-w-36"
          title={row.cron_name}
        >
          {row.cron_name}
        </Link>
      ),
      sortBy: (row) => row.cron_name,
    },
    {
      key: "started",
      label: t("runs.started"),
      cell: (row) => <span title={time.full(started(row))}>{time.dateTime(started(row))}</span>,
      sortBy: started,
    },
    {
      key: "cause",
      label: t("runs.cause"),
      className: "wider",
      cell: (row) => <span className="text-ink-2">{t(`runs.causes.${row.cause}`)}</span>,
    },
    { key: "state", label: t("column.state"), cell: (row) => <RunState state={row.state} />, sortBy: (row) => row.state },
    { key: "servers", label: t("nav.servers"), className: "wide", cell: (row) => <RunCount run={row} /> },
    {
      key: "took",
      label: t("incident.duration"),
      className: "end wider",
      cell: (row) => {
        const ended = parseTime(row.ended_at);
        return ended === undefined ? "–" : time.duration(ended - started(row));
      },
    },
  ];
}
