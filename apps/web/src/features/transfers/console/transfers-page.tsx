import type { Transfer } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { ListStates } from "#shell/console/list-states.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useIsAdmin, useList, useProfile, useServerRows, useUserNames, useWrite } from "#shell/console/queries.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Chip } from "#ui/chip.tsx";
import type { ChipTone } from "#ui/chip.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { useTransferFeed } from "./transfer-feed.ts";

const PENDING = 0;
const VERIFIED = 1;
/** Colours of the states, in the order of their numbers (spec 11 section 12.1). */
const TONES: readonly ChipTone[] = ["maint", "ok", "crit", "warn", "plain"];

/** Servers on their way to another owner, live. */
export function Page() {
  const { t, number } = useFormats();
  const { rows, loading, error } = useList("/transfer");
  const [cancelling, setCancelling] = useState<Transfer>();
  const retry = useWrite((api, id: number) => api.post(`/transfer/${id}/retry`), ["/transfer", "/server"]);
  useTransferFeed();
  const columns = useColumns({ onCancel: setCancelling, onRetry: (row) => retry.mutate(row.id) });
  const nameOf = useNames().server;
  return (
    <>
      <PageBar title={t("nav.transfers")} aside={number.count(rows.length)} />
      {retry.error === null ? null : (
        <Note state="critical" alert>
          {retry.error.message}
        </Note>
      )}
      <ListStates
        loading={loading}
        error={error}
        empty={rows.length === 0}
        none={<EmptyState title={t("transfers.none")}>{t("transfers.noneHelp")}</EmptyState>}
      >
        <DataTable
          label={t("nav.transfers")}
          columns={columns}
          rows={rows}
          rowId={(row) => row.id}
          rowName={(row) => nameOf(row.server_id)}
        />
      </ListStates>
      {cancelling === undefined ? null : <CancelTransfer transfer={cancelling} onClose={() => setCancelling(undefined)} />}
    </>
  );
}

function useNames() {
  const { t } = useFormats();
  const servers = new Map(useServerRows().rows.map((server) => [server.id, server.name]));
  const users = useUserNames();
  return {
    server: (id: number) => servers.get(id) ?? `#${id}`,
    user: (id: number) => (id === 0 ? t("transfers.shared") : (users.get(id) ?? `#${id}`)),
  };
}

interface Actions {
  readonly onCancel: (row: Transfer) => void;
  readonly onRetry: (row: Transfer) => void;
}

function useColumns({ onCancel, onRetry }: Actions): Column<Transfer>[] {
  const { t, time } = useFormats();
  const names = useNames();
  const admin = useIsAdmin();
  const self = useProfile()?.id;
  return [
    {
      key: "server",
      label: t("transfers.server"),
      cell: (row) => <span className="block max-w-56 truncate font-medium max-sm:max-w-28">{names.server(row.server_id)}</span>,
      sortBy: (row) => names.server(row.server_id),
    },
    { key: "from", label: t("transfers.from"), className: "wide", cell: (row) => names.user(row.from_user_id) },
    { key: "to", label: t("transfers.to"), className: "wide", cell: (row) => names.user(row.to_user_id) },
    {
      key: "by",
      label: t("transfers.by"),
      className: "widest",
      cell: (row) => <span className="text-ink-2">{names.user(row.initiator_id)}</span>,
    },
    {
      key: "status",
      label: t("transfers.status"),
      cell: (row) => (
        <span className="inline-flex items-center gap-2">
          <Chip tone={TONES[row.status] ?? "plain"}>
            {row.status < TONES.length ? t(`transfers.states.${row.status}`) : t("transfers.unknown", { status: row.status })}
          </Chip>
          <span className="max-w-64 truncate text-ink-3 max-lg:hidden" title={row.last_error}>
            {row.last_error}
          </span>
        </span>
      ),
      sortBy: (row) => row.status,
    },
    {
      key: "started",
      label: t("transfers.started"),
      className: "wider",
      cell: (row) => {
        const at = parseTime(row.created_at) ?? 0;
        return (
          <span className="text-ink-2" title={time.full(at)}>
            {time.ago(at, Date.now())}
          </span>
        );
      },
      sortBy: (row) => row.created_at,
    },
    {
      key: "actions",
      label: "",
      className: "end",
      cell: (row) => {
        if (row.status === PENDING && (admin || row.from_user_id === self)) {
          return (
            <Button kind="quiet" size="small" onClick={() => onCancel(row)}>
              {t("transfers.cancel")}
            </Button>
          );
        }
        return admin && row.status > VERIFIED ? (
          <Button kind="quiet" size="small" onClick={() => onRetry(row)}>
            {t("transfers.retry")}
          </Button>
        ) : null;
      },
    },
  ];
}

function CancelTransfer({ transfer, onClose }: { readonly transfer: Transfer; readonly onClose: () => void }) {
  const { t } = useFormats();
  const names = useNames();
  const cancel = useWrite((api, id: number) => api.post(`/transfer/${id}/cancel`), ["/transfer", "/server"]);
  return (
    <ConfirmDialog
      title={t("transfers.cancelTitle")}
      names={[names.server(transfer.server_id)]}
      verb={t("transfers.cancel")}
      cancel={t("action.close")}
      run={async () => void (await cancel.mutateAsync(transfer.id))}
      onClose={onClose}
    >
      {t("transfers.cancelHelp")}
    </ConfirmDialog>
  );
}
