import type { Enrolment, EnrolmentCode } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { ListStates } from "#shell/console/list-states.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useList, useServerGroups, useServerRows, useUserNames, useWrite } from "#shell/console/queries.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";

/** Hosts that sign in with a credential of their own, which is revoked one by one; and codes that nobody has used yet. */
export function Page() {
  const { t, number } = useFormats();
  const { rows, loading, error } = useList("/enrolment");
  const names = new Map(useServerRows().rows.map(({ id, name }) => [id, name]));
  const nameOf = ({ server_id: id }: Enrolment) => names.get(id) ?? `#${id}`;
  const [revoking, setRevoking] = useState<Enrolment>();
  const revoke = useWrite((api, id: number) => api.post(`/enrolment/${id}/revoke`), ["/enrolment"]);
  return (
    <>
      <PageBar title={t("nav.credentials")} aside={number.count(rows.length)} />
      <ListStates
        loading={loading}
        error={error}
        empty={rows.length === 0}
        none={
          <EmptyState
            title={t("credentials.none")}
            action={
              <Link to="/servers" search={{ add: "1" }} className="wf-btn">
                {t("servers.add")}
              </Link>
            }
          >
            {t("credentials.noneHelp")}
          </EmptyState>
        }
      >
        <DataTable
          label={t("nav.credentials")}
          columns={useColumns(nameOf, setRevoking)}
          rows={rows}
          rowId={({ id }) => id}
          rowName={nameOf}
        />
      </ListStates>
      <OpenCodes />
      {revoking === undefined ? null : (
        <ConfirmDialog
          title={t("credentials.revokeTitle")}
          names={[nameOf(revoking)]}
          verb={t("credentials.revoke")}
          run={async () => void (await revoke.mutateAsync(revoking.id))}
          onClose={() => setRevoking(undefined)}
        >
          {t("credentials.revokeHelp")}
        </ConfirmDialog>
      )}
    </>
  );
}

function useColumns(nameOf: (row: Enrolment) => string, onRevoke: (row: Enrolment) => void): Column<Enrolment>[] {
  const { t, time } = useFormats();
  return [
    {
      key: "server",
      label: t("column.server"),
      cell: (row) => (
        <Link
          to="/servers"
          search={{ s: String(row.server_id) }}
          className="block max-w-72 truncate font-medium text-ink max-md:max-w-36"
          title={nameOf(row)}
        >
          {nameOf(row)}
        </Link>
      ),
      sortBy: nameOf,
    },
    {
      key: "from",
      label: t("credentials.from"),
      className: "wide",
      cell: ({ address }) => <span className="font-mono text-xs text-ink-2">{address === "" ? "–" : address}</span>,
    },
    {
      key: "at",
      label: t("credentials.at"),
      cell: (row) => {
        const at = parseTime(row.created_at) ?? 0;
        return <span title={time.full(at)}>{time.dateTime(at)}</span>;
      },
      sortBy: (row) => row.created_at,
    },
    {
      key: "actions",
      label: "",
      className: "end",
      cell: (row) => (
        <Button size="small" aria-label={`${t("credentials.revoke")}: ${nameOf(row)}`} onClick={() => onRevoke(row)}>
          {t("credentials.revoke")}
        </Button>
      ),
    },
  ];
}

function OpenCodes() {
  const { t, time } = useFormats();
  const { rows } = useList("/enrolment-code");
  const groups = new Map(useServerGroups().rows.map(({ group }) => [group.id, group.name]));
  const users = useUserNames();
  const withdraw = useWrite((api, id: number) => api.post("/batch-delete/enrolment-code", [id]), ["/enrolment-code"]);
  if (rows.length === 0) return null;
  const nameOf = ({ id, name }: EnrolmentCode) => (name === "" ? `#${id}` : name);
  const columns: Column<EnrolmentCode>[] = [
    { key: "name", label: t("form.name"), cell: (row) => <span className="block max-w-48 truncate max-md:max-w-28">{nameOf(row)}</span> },
    { key: "group", label: t("install.group"), className: "wide", cell: (row) => groups.get(row.server_group_id) ?? "–" },
    { key: "owner", label: t("column.owner"), className: "wide", cell: (row) => users.get(row.owner_id) ?? `#${row.owner_id}` },
    { key: "until", label: t("credentials.until"), cell: (row) => time.clock(parseTime(row.expires_at) ?? 0) },
    {
      key: "actions",
      label: "",
      className: "end",
      cell: (row) => (
        <Button
          size="small"
          disabled={withdraw.isPending}
          aria-label={`${t("credentials.withdraw")}: ${nameOf(row)}`}
          onClick={() => withdraw.mutate(row.id)}
        >
          {t("credentials.withdraw")}
        </Button>
      ),
    },
  ];
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <h2 className="text-sm font-strong text-ink-2">{t("credentials.codes")}</h2>
      {withdraw.error === null ? null : (
        <Note state="critical" alert>
          {withdraw.error.message}
        </Note>
      )}
      <DataTable label={t("credentials.codes")} columns={columns} rows={rows} rowId={({ id }) => id} rowName={nameOf} />
    </section>
  );
}
