import type { CronResult, CronRunDetail } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { useSearchState } from "#shell/navigation.ts";
import { Button } from "#ui/button.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { plainText } from "./output-text.ts";
import { RunState } from "./run-words.tsx";

interface ResultsProps {
  readonly run: CronRunDetail;
  readonly openId: number | undefined;
  readonly onCancel: (serverId: number) => void;
}

/** A run on each of its servers. */
export function RunResults({ run, openId, onCancel }: ResultsProps) {
  const { t, number } = useFormats();
  const [, change] = useSearchState();
  const open = (row: CronResult) => change({ output: String(row.server_id) }, { push: true });
  const columns: Column<CronResult>[] = [
    {
      key: "server",
      label: t("column.server"),
      cell: (row) => (
        <button type="button" className="block max-w-56 truncate font-medium hover:underline max-sm:max-w-32" onClick={() => open(row)}>
          {row.server_name}
        </button>
      ),
      sortBy: (row) => row.server_name,
    },
    { key: "state", label: t("column.state"), cell: (row) => <RunState state={row.state} />, sortBy: (row) => row.state },
    {
      key: "took",
      label: t("incident.duration"),
      className: "end wide",
      cell: (row) => (row.seconds === undefined ? "–" : t("unit.second", { value: number.decimal(row.seconds, 1) })),
      sortBy: (row) => row.seconds ?? -1,
    },
    {
      key: "output",
      label: t("runs.output"),
      className: "wide",
      cell: (row) => {
        const text = plainText(row.excerpt);
        return (
          <span className="block max-w-112 truncate font-mono text-xs text-ink-2" title={text}>
            {text.trim() === "" ? "–" : text}
          </span>
        );
      },
    },
    {
      key: "actions",
      label: "",
      className: "end",
      cell: (row) =>
        row.state === "running" ? (
          <Button size="small" aria-label={`${t(cancelVerb(row))}: ${row.server_name}`} onClick={() => onCancel(row.server_id)}>
            {t(cancelVerb(row))}
          </Button>
        ) : null,
    },
  ];
  return (
    <DataTable
      label={t("nav.servers")}
      columns={columns}
      rows={run.results}
      rowId={(row) => row.server_id}
      rowName={(row) => row.server_name}
      openId={openId}
    />
  );
}

/** An official agent cannot be told to stop: there only the waiting ends. */
export const cancelVerb = ({ can_stop }: Pick<CronResult, "can_stop">): string => (can_stop ? "runs.stop" : "runs.unwatch");
