import type { Page as PageOf, WafEntry } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { ListStates } from "#shell/console/list-states.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { Pager } from "#shell/console/pager.tsx";
import { useList, useRead, useSetting, useWrite } from "#shell/console/queries.ts";
import { BlockAddress } from "./block-address.tsx";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Chip } from "#ui/chip.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { useSelection } from "#ui/use-selection.ts";
import { bannedUntil } from "./ban-time.ts";

const PAGE_SIZE = 50;
const REASONS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5]);

/** Addresses that failed to come in, and for how long each is kept out. */
export function Page() {
  const { t, number } = useFormats();
  const [offset, setOffset] = useState(0);
  const [releasing, setReleasing] = useState<readonly string[]>();
  const [blocking, setBlocking] = useState(false);
  const header = useSetting()?.config.web_real_ip_header ?? "";
  const { data, isPending, error } = useRead<PageOf<WafEntry>>("/waf", { limit: PAGE_SIZE, offset });
  const rows = data?.value ?? [];
  const selection = useSelection(rows.map(keyOf));
  const columns = useColumns(rows, (ip) => setReleasing([ip]));
  const chosen = [...new Set(rows.filter((row) => selection.has(keyOf(row))).map((row) => row.ip))];
  return (
    <>
      <PageBar title={t("nav.firewall")} aside={number.count(data?.pagination.total ?? rows.length)}>
        {chosen.length === 0 ? null : (
          <Button size="small" onClick={() => setReleasing(chosen)}>
            {t("firewall.release", { count: chosen.length })}
          </Button>
        )}
        <Button kind="primary" size="small" onClick={() => setBlocking(true)}>
          {t("firewall.blockOne")}
        </Button>
      </PageBar>
      {header === "" ? (
        <Note
          state="warn"
          title={t("firewall.offTitle")}
          action={
            <Link to="/settings" search={{ tab: "network" }}>
              {t("firewall.offLink")}
            </Link>
          }
        >
          {t("firewall.offHelp")}
        </Note>
      ) : null}
      <ListStates
        loading={isPending}
        error={error}
        empty={rows.length === 0}
        none={<EmptyState title={t("firewall.none")}>{t("firewall.noneHelp")}</EmptyState>}
      >
        <DataTable label={t("nav.firewall")} columns={columns} rows={rows} rowId={keyOf} rowName={(row) => row.ip} selection={selection} />
      </ListStates>
      <Pager pagination={data?.pagination} offset={offset} onChange={setOffset} />
      {blocking ? <BlockAddress onClose={() => setBlocking(false)} /> : null}
      {releasing === undefined ? null : <Release addresses={releasing} onClose={() => setReleasing(undefined)} />}
    </>
  );
}

const keyOf = (row: WafEntry) => `${row.ip} ${row.block_identifier}`;

function useColumns(rows: readonly WafEntry[], onRelease: (ip: string) => void): Column<WafEntry>[] {
  const { t, time, number } = useFormats();
  const users = new Map(useList("/user").rows.map((user) => [user.id, user.username]));
  const until = (row: WafEntry) => bannedUntil(rows.filter((other) => other.ip === row.ip));
  const tried = ({ block_identifier: id }: WafEntry) => (id > 0 ? (users.get(id) ?? `#${id}`) : "");
  return [
    { key: "ip", label: t("column.address"), cell: (row) => <span className="font-mono text-xs">{row.ip}</span>, sortBy: (row) => row.ip },
    {
      key: "reason",
      label: t("firewall.reason"),
      className: "wide",
      cell: (row) => (
        <span className="inline-flex gap-2">
          {REASONS.has(row.block_reason) ? t(`firewall.reasons.${row.block_reason}`) : `#${row.block_reason}`}
          {tried(row) === "" ? null : <span className="text-ink-3">{tried(row)}</span>}
        </span>
      ),
      sortBy: (row) => row.block_reason,
    },
    { key: "count", label: t("firewall.tries"), className: "end wide", cell: (row) => number.count(row.count), sortBy: (row) => row.count },
    {
      key: "last",
      label: t("firewall.last"),
      className: "wide",
      cell: (row) => <span title={time.full(row.block_timestamp * 1000)}>{time.dateTime(row.block_timestamp * 1000)}</span>,
      sortBy: (row) => row.block_timestamp,
    },
    { key: "left", label: t("firewall.left"), cell: (row) => <TimeLeft until={until(row)} />, sortBy: until },
    {
      key: "actions",
      label: "",
      className: "end",
      cell: (row) => (
        <Button kind="quiet" size="small" onClick={() => onRelease(row.ip)}>
          {t("firewall.releaseOne")}
        </Button>
      ),
    },
  ];
}

function TimeLeft({ until }: { readonly until: number }) {
  const { t, time } = useFormats();
  const left = until - Date.now();
  if (until === Infinity) return <Chip tone="crit">{t("firewall.forever")}</Chip>;
  return left <= 0 ? <span className="text-ink-3">{t("firewall.over")}</span> : <Chip tone="warn">{time.duration(left)}</Chip>;
}

function Release({ addresses, onClose }: { readonly addresses: readonly string[]; readonly onClose: () => void }) {
  const { t } = useFormats();
  const release = useWrite((api, ips: readonly string[]) => api.post("/batch-delete/waf", ips), ["/waf"]);
  return (
    <ConfirmDialog
      title={t("firewall.releaseTitle")}
      names={addresses}
      verb={t("firewall.release", { count: addresses.length })}
      dangerous={false}
      run={async () => void (await release.mutateAsync(addresses))}
      onClose={onClose}
    >
      {t("firewall.releaseHelp")}
    </ConfirmDialog>
  );
}
