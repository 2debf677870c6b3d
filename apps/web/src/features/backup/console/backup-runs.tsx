import type { BackupState } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { DataTable } from "#ui/data-table.tsx";
import type { Column } from "#ui/data-table.tsx";

type Run = BackupState["runs"][number];

/** What became of the last backups. */
export function BackupRuns({ runs }: { readonly runs: readonly Run[] }) {
  const { t, number, time } = useFormats();
  const columns: Column<Run>[] = [
    { key: "at", label: t("audit.when"), cell: ({ started_at: at }) => time.dateTime(parseTime(at) ?? 0) },
    { key: "by", label: t("backup.by"), className: "wide", cell: ({ by }) => t(`backup.bys.${by}`) },
    {
      key: "outcome",
      label: t("column.state"),
      cell: ({ error }) => (
        <span className="block max-w-96 truncate" title={error}>
          {error === "" ? t("backup.good") : error}
        </span>
      ),
    },
    { key: "size", label: t("backup.size"), className: "end", cell: ({ size }) => (size === 0 ? "–" : number.bytes(size)) },
  ];
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <h2 className="text-base font-strong">{t("backup.runs")}</h2>
      <DataTable
        label={t("backup.runs")}
        columns={columns}
        rows={runs}
        rowId={({ started_at: at }) => at}
        rowName={({ started_at: at }) => at}
      />
    </section>
  );
}
