import type { Incident } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { CursorPager } from "#shell/console/cursor-pager.tsx";
import { ListStates } from "#shell/console/list-states.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useRead } from "#shell/console/queries.ts";
import { useSearchState } from "#shell/navigation.ts";
import { Button } from "#ui/button.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import { AlertTabs } from "./alert-tabs.tsx";
import { HistoryFilters } from "./history-filters.tsx";
import { historyQuery, isFiltered, PAGE_SIZE } from "./history-query.ts";
import { incidentName, incidentShape, SeverityChip } from "./incident-words.tsx";

const NONE: readonly Incident[] = [];

/** What failed, newest first. The filters and the page are in the address. */
export function Page() {
  const { t } = useFormats();
  const [search, change] = useSearchState();
  const { data, isPending, error } = useRead<Incident[]>("/incident", historyQuery(search, Date.now()));
  const rows = data ?? NONE;
  const clear = () => change({ state: "", source: "", severity: "", server: "", rule: "", since: "", before: "" });
  const filtered = isFiltered(search);
  return (
    <>
      <PageBar title={t("nav.incidents")} />
      <AlertTabs />
      <HistoryFilters />
      <ListStates
        loading={isPending}
        error={error}
        empty={rows.length === 0}
        none={
          filtered ? (
            <EmptyState title={t("table.noMatch")} action={<Button onClick={clear}>{t("table.showAll")}</Button>} />
          ) : (
            <EmptyState title={t("incident.noneEver")}>{t("incident.noneHelp")}</EmptyState>
          )
        }
      >
        <DataTable
          label={t("nav.incidents")}
          columns={useColumns()}
          rows={rows}
          rowId={({ id }) => id}
          rowName={(row) => incidentName(t, row)}
        />
      </ListStates>
      <CursorPager next={rows.length < PAGE_SIZE ? undefined : rows.at(-1)?.id} />
    </>
  );
}

function useColumns(): Column<Incident>[] {
  const { t, time } = useFormats();
  const opened = (row: Incident) => parseTime(row.opened_at) ?? 0;
  const lasted = (row: Incident) => (parseTime(row.ended_at) ?? Date.now()) - opened(row);
  return [
    {
      key: "what",
      label: t("incident.what"),
      cell: (row) => (
        <span className="flex items-center gap-2">
          <StateIcon state={incidentShape(row)} />
          <Link
            to="/incident/$id"
            params={{ id: String(row.id) }}
            className="max-w-96 min-w-0 truncate font-medium text-ink max-md:max-w-64 max-sm:max-w-44"
            title={incidentName(t, row)}
          >
            {incidentName(t, row)}
          </Link>
        </span>
      ),
      sortBy: (row) => incidentName(t, row),
    },
    { key: "severity", label: t("incident.severity"), className: "wide", cell: (row) => <SeverityChip severity={row.severity} /> },
    {
      key: "opened",
      label: t("incident.opened"),
      cell: (row) => <span title={time.full(opened(row))}>{time.dateTime(opened(row))}</span>,
      sortBy: opened,
    },
    { key: "lasted", label: t("incident.duration"), className: "end", cell: (row) => time.duration(lasted(row)), sortBy: lasted },
    {
      key: "outcome",
      label: t("incident.end"),
      className: "wider",
      cell: (row) => (
        <span className="text-ink-2">{row.outcome === undefined ? t("incident.lasts") : t(`incident.outcome.${row.outcome}`)}</span>
      ),
    },
    {
      key: "seen",
      label: t("incident.acknowledged"),
      className: "wider",
      cell: (row) => <span className="text-ink-2">{row.acknowledged_by ?? "–"}</span>,
    },
  ];
}
