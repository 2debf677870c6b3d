import type { OnlineUser, Page as PageOf } from "@windfire/api";
import { useEffect, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useConnection } from "#shell/connection.tsx";
import { ListStates } from "#shell/console/list-states.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { Pager } from "#shell/console/pager.tsx";
import { useList, useProfile, useRead, useWrite } from "#shell/console/queries.ts";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";

const PAGE_SIZE = 50;
const REFRESH_MS = 5000;

/** Who watches now: one row per open page. */
export function Page() {
  const { t, number, time } = useFormats();
  const [offset, setOffset] = useState(0);
  const [blocking, setBlocking] = useState<string>();
  const connection = useConnection();
  const { data, isPending, error, refetch } = useRead<PageOf<OnlineUser>>(
    "/online-user",
    { limit: PAGE_SIZE, offset },
    { everyMs: REFRESH_MS },
  );
  // The reader is one of them, a moment after the page.
  useEffect(() => {
    if (connection === "live") void refetch();
  }, [connection, refetch]);
  const users = new Map(useList("/user").rows.map((user) => [user.id, user.username]));
  const own = useProfile()?.login_ip;
  const rows = data?.value ?? [];
  const name = (row: OnlineUser) => (row.user_id === undefined ? t("online.guest") : (users.get(row.user_id) ?? `#${row.user_id}`));
  const columns: Column<OnlineUser>[] = [
    { key: "who", label: t("online.who"), cell: (row) => <span className="font-medium">{name(row)}</span>, sortBy: name },
    { key: "ip", label: t("column.address"), cell: (row) => <span className="font-mono text-xs">{row.ip}</span>, sortBy: (row) => row.ip },
    {
      key: "since",
      label: t("online.since"),
      className: "wide",
      cell: (row) => time.duration(Date.now() - (parseTime(row.connected_at) ?? Date.now())),
      sortBy: (row) => row.connected_at,
    },
    {
      key: "actions",
      label: "",
      className: "end",
      cell: (row) => (
        <Button kind="quiet" size="small" tone="danger" disabled={row.ip === own} onClick={() => setBlocking(row.ip)}>
          {t("online.block")}
        </Button>
      ),
    },
  ];
  return (
    <>
      <PageBar title={t("nav.online")} aside={number.count(data?.pagination.total ?? rows.length)} />
      <ListStates
        loading={isPending || (rows.length === 0 && connection === "connecting")}
        error={error}
        empty={rows.length === 0}
        none={<EmptyState title={t("online.none")} />}
      >
        <DataTable
          label={t("nav.online")}
          columns={columns}
          rows={rows}
          rowId={(row) => `${row.ip} ${row.connected_at} ${row.user_id ?? 0}`}
          rowName={name}
        />
      </ListStates>
      <Pager pagination={data?.pagination} offset={offset} onChange={setOffset} />
      {blocking === undefined ? null : <Block address={blocking} onClose={() => setBlocking(undefined)} />}
    </>
  );
}

function Block({ address, onClose }: { readonly address: string; readonly onClose: () => void }) {
  const { t } = useFormats();
  const block = useWrite((api, ips: readonly string[]) => api.post("/online-user/batch-block", ips), ["/online-user", "/waf"]);
  return (
    <ConfirmDialog
      title={t("online.blockTitle")}
      names={[address]}
      verb={t("online.block")}
      run={async () => void (await block.mutateAsync([address]))}
      onClose={onClose}
    >
      {t("online.blockHelp")}
    </ConfirmDialog>
  );
}
