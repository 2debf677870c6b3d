import type { DdnsRecord } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useApp } from "#shell/app-context.tsx";
import { useRead, useServerRows, useWrite } from "#shell/console/queries.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Chip } from "#ui/chip.tsx";
import type { ChipTone } from "#ui/chip.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";

const EVERY_MS = 5_000;
const TONES: Readonly<Record<DdnsRecord["state"], ChipTone>> = {
  waiting: "maint",
  published: "ok",
  deleted: "line",
  kept: "warn",
  failed: "crit",
  cancelled: "line",
};

/** What became of each record of a profile, and a way to send all of them again. */
export function DdnsRecords({ id }: { readonly id: number }) {
  const { t } = useFormats();
  const { toasts } = useApp();
  const path = `/ddns/${id}/record`;
  const { data, error } = useRead<DdnsRecord[] | null>(path, undefined, { everyMs: EVERY_MS });
  const columns = useColumns();
  const test = useWrite((api) => api.post<{ readonly records: number }>(`/ddns/${id}/test`), [path]);
  const send = () => test.mutate(undefined, { onSuccess: ({ records }) => toasts.show({ text: t("ddns.sent", { count: records }) }) });
  const rows = data ?? [];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <h3 className="flex items-center justify-between gap-3 text-sm font-strong text-ink-2">
        {t("ddns.results")}
        <Button size="small" disabled={test.isPending} onClick={send}>
          {t("ddns.test")}
        </Button>
      </h3>
      {test.error === null && error === null ? null : (
        <Note state="critical" alert>
          {(test.error ?? error)?.message}
        </Note>
      )}
      {rows.length === 0 ? <p className="text-sm text-ink-2">{t("ddns.noRecords")}</p> : null}
      {rows.length === 0 ? null : (
        <DataTable
          label={t("ddns.results")}
          columns={columns}
          rows={rows}
          rowId={(row) => `${row.domain} ${row.family} ${row.server_id}`}
          rowName={(row) => row.domain}
        />
      )}
      {rows
        .filter((row) => row.error !== undefined)
        .map((row) => (
          <Note key={`${row.domain} ${row.family} ${row.server_id}`} state="warn" title={row.domain}>
            {row.error}
          </Note>
        ))}
    </div>
  );
}

function useColumns(): Column<DdnsRecord>[] {
  const { t, time } = useFormats();
  const names = new Map(useServerRows().rows.map(({ id, name }) => [id, name]));
  return [
    {
      key: "domain",
      label: t("ddns.domain"),
      cell: (row) => (
        <span className="inline-flex items-center gap-2">
          <span className="block max-w-48 truncate font-medium max-sm:max-w-28" title={row.domain}>
            {row.domain}
          </span>
          <span className="text-xs text-ink-3">{row.family === "ipv4" ? "A" : "AAAA"}</span>
        </span>
      ),
      sortBy: (row) => row.domain,
    },
    {
      key: "server",
      label: t("column.server"),
      className: "wider",
      cell: (row) => <span className="text-ink-2">{names.get(row.server_id) ?? `#${row.server_id}`}</span>,
    },
    { key: "state", label: t("column.state"), cell: (row) => <Chip tone={TONES[row.state]}>{t(`ddns.states.${row.state}`)}</Chip> },
    {
      key: "address",
      label: t("column.address"),
      className: "wide",
      cell: (row) => <span className="font-mono text-xs text-ink-2">{row.published === "" ? "–" : row.published}</span>,
    },
    {
      key: "at",
      label: t("services.checked"),
      className: "end wide",
      cell: (row) => {
        const at = parseTime(row.tried_at);
        return at === undefined ? "–" : <span title={time.full(at)}>{time.ago(at, Date.now())}</span>;
      },
    },
  ];
}
