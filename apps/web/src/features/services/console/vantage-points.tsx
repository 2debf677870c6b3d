import type { ServiceServer } from "@windfire/api";
import { HistoryAwayNote } from "#features/history/shared/history-away-note.tsx";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useRead } from "#shell/console/queries.ts";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import { isHistoryAway } from "#wire/history-away.ts";

const EVERY_MS = 15_000;

/** A result that is older is said to be. */
const OLD_MS = 10 * 60_000;

/** The servers a service is seen from, each with its own result: is it the target, or one path to it? */
export function VantagePoints({ id }: { readonly id: number }) {
  const { t, number, time } = useFormats();
  const { data, error } = useRead<ServiceServer[] | null>(`/service/${id}/server`, undefined, { everyMs: EVERY_MS });
  const columns: Column<ServiceServer>[] = [
    {
      key: "server",
      label: t("column.server"),
      cell: (row) => (
        <span className="flex items-center gap-2">
          <StateIcon state={stateOf(row)} label={t(`service.${stateOf(row)}`)} />
          <span className="max-w-44 truncate font-medium max-sm:max-w-32">{row.server_name}</span>
        </span>
      ),
      sortBy: (row) => row.server_name,
    },
    {
      key: "up",
      label: t("services.day"),
      className: "end",
      cell: (row) => (row.up + row.down === 0 ? "–" : number.uptime(row.up_percent)),
      sortBy: (row) => row.up_percent,
    },
    {
      key: "delay",
      label: t("services.delay"),
      className: "end wide",
      cell: (row) => (row.up === 0 ? "–" : number.milliseconds(row.avg_delay)),
      sortBy: (row) => row.avg_delay,
    },
    {
      key: "loss",
      label: t("services.loss"),
      className: "end wide",
      cell: (row) => (row.loss === undefined ? "–" : number.percent(row.loss)),
      sortBy: (row) => row.loss ?? -1,
    },
    {
      key: "last",
      label: t("services.last"),
      className: "end",
      cell: (row) => {
        const at = parseTime(row.last_checked_at);
        const value = row.last_status !== 1 || row.last_delay === undefined ? "–" : number.milliseconds(row.last_delay);
        if (at === undefined) return value;
        const isOld = Date.now() - at > OLD_MS;
        return (
          <span title={time.full(at)}>
            {value}
            {isOld ? <span className="ms-1.5 text-ink-3">{time.ago(at, Date.now())}</span> : null}
          </span>
        );
      },
    },
  ];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <h3 className="flex items-baseline gap-3 text-sm font-strong text-ink-2">
        {t("services.places")}
        <a href={`/service/${id}`} className="font-normal">
          {t("services.charts")}
        </a>
      </h3>
      {isHistoryAway(error) ? <HistoryAwayNote /> : null}
      {data?.length === 0 ? <p className="text-ink-2">{t("services.placesNone")}</p> : null}
      {data === undefined || data === null || data.length === 0 ? null : (
        <DataTable
          label={t("services.places")}
          columns={columns}
          rows={data}
          rowId={(row) => row.server_id}
          rowName={(row) => row.server_name}
        />
      )}
    </div>
  );
}

/** By the newest result; a place without one waits. */
function stateOf(row: ServiceServer): "up" | "critical" | "waiting" {
  if (row.last_status === undefined) return "waiting";
  return row.last_status === 1 ? "up" : "critical";
}
