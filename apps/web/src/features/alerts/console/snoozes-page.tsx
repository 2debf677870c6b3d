import type { Snooze } from "@windfire/api";
import { BellOff } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { BatchAction, BatchBar } from "#shell/console/batch-bar.tsx";
import { ListStates } from "#shell/console/list-states.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useList, useWrite } from "#shell/console/queries.ts";
import { useSearchState } from "#shell/navigation.ts";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { useSelection } from "#ui/use-selection.ts";
import { AlertTabs } from "./alert-tabs.tsx";
import { SnoozeDialog } from "./snooze-dialog.tsx";
import { SNOOZE } from "./snooze-values.ts";
import { useSubjects } from "./use-subjects.ts";

/** Of what nobody is told for a while; each ends by itself, or here. */
export function Page() {
  const { t, number } = useFormats();
  const [search, change] = useSearchState();
  const { rows, loading, error } = useList("/snooze");
  const { nameOf } = useSubjects();
  const running = rows.filter((row) => (parseTime(row.until) ?? 0) > Date.now());
  const selection = useSelection(running.map(({ id }) => id));
  const [ending, setEnding] = useState<readonly Snooze[]>();
  const subjectOf = ({ scope, scope_id }: Snooze) => nameOf({ scope, id: scope_id });
  const columns = useColumns(subjectOf, (row) => setEnding([row]));
  const add = (
    <Button kind="primary" size="small" onClick={() => change({ [SNOOZE]: "new" }, { push: true })}>
      <BellOff className="size-4" aria-hidden="true" />
      {t("snooze.verb")}
    </Button>
  );
  return (
    <>
      <PageBar title={t("nav.snoozes")} aside={number.count(running.length)}>
        {add}
      </PageBar>
      <AlertTabs />
      <ListStates
        loading={loading}
        error={error}
        empty={running.length === 0}
        none={
          <EmptyState title={t("snooze.none")} action={add}>
            {t("snooze.noneHelp")}
          </EmptyState>
        }
      >
        <DataTable
          label={t("nav.snoozes")}
          columns={columns}
          rows={running}
          rowId={({ id }) => id}
          rowName={subjectOf}
          selection={selection}
        />
      </ListStates>
      <BatchBar count={selection.ids.length} onClear={() => selection.setAll([])}>
        <BatchAction icon={BellOff} label={t("snooze.end")} onClick={() => setEnding(running.filter(({ id }) => selection.has(id)))} />
      </BatchBar>
      {ending === undefined ? null : <EndDialog rows={ending} nameOf={subjectOf} onClose={() => setEnding(undefined)} />}
      {search[SNOOZE] === undefined ? null : (
        <SnoozeDialog key={search[SNOOZE]} subject={search[SNOOZE]} onClose={() => change({ [SNOOZE]: "" })} />
      )}
    </>
  );
}

function EndDialog(props: { readonly rows: readonly Snooze[]; readonly nameOf: (row: Snooze) => string; readonly onClose: () => void }) {
  const { t } = useFormats();
  const end = useWrite((api, ids: readonly number[]) => api.post("/batch-delete/snooze", ids), ["/snooze", "/incident"]);
  return (
    <ConfirmDialog
      title={t("snooze.endTitle", { count: props.rows.length })}
      names={props.rows.map(props.nameOf)}
      verb={t("snooze.end")}
      dangerous={false}
      run={async () => void (await end.mutateAsync(props.rows.map(({ id }) => id)))}
      onClose={props.onClose}
    >
      {t("snooze.endHelp")}
    </ConfirmDialog>
  );
}

function useColumns(nameOf: (row: Snooze) => string, onEnd: (row: Snooze) => void): Column<Snooze>[] {
  const { t, time } = useFormats();
  const until = (row: Snooze) => parseTime(row.until) ?? 0;
  return [
    {
      key: "what",
      label: t("snooze.scope"),
      cell: (row) => (
        <span className="inline-flex min-w-0 items-baseline gap-2">
          <b className="max-w-64 truncate font-medium max-sm:max-w-32">{nameOf(row)}</b>
          {row.scope === "all" ? null : <span className="text-sm text-ink-3">{t(`snooze.scopes.${row.scope}`)}</span>}
        </span>
      ),
      sortBy: nameOf,
    },
    {
      key: "until",
      label: t("snooze.until"),
      cell: (row) => <span title={time.full(until(row))}>{time.moment(until(row), Date.now())}</span>,
      sortBy: until,
    },
    {
      key: "note",
      label: t("incident.note"),
      className: "wide",
      cell: (row) => (
        <span className="block max-w-80 truncate text-ink-2" title={row.note}>
          {row.note === "" ? "–" : row.note}
        </span>
      ),
    },
    { key: "by", label: t("snooze.by"), className: "wider", cell: (row) => <span className="text-ink-2">{row.created_by}</span> },
    {
      key: "actions",
      label: "",
      className: "end",
      cell: (row) => (
        <Button size="small" aria-label={`${t("snooze.end")}: ${nameOf(row)}`} onClick={() => onEnd(row)}>
          {t("snooze.end")}
        </Button>
      ),
    },
  ];
}
