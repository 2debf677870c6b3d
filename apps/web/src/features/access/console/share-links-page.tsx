import type { ShareLink } from "@windfire/api";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { ListStates } from "#shell/console/list-states.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useIsAdmin, useList, useServerRows, useUserNames, useWrite } from "#shell/console/queries.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { Chip } from "#ui/chip.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { CreateShareDialog } from "./create-share-dialog.tsx";

const CHIPS = 3;

/** Links that show some rows without an account: one's own, administrators all. */
export function Page() {
  const { t, number } = useFormats();
  const { rows, loading, error } = useList("/share-link");
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ShareLink>();
  const columns = useColumns(setRevoking);
  const add = (
    <Button kind="primary" size="small" onClick={() => setCreating(true)}>
      <Plus className="size-4" aria-hidden="true" />
      {t("shares.add")}
    </Button>
  );
  return (
    <>
      <PageBar title={t("nav.shares")} aside={number.count(rows.length)}>
        {add}
      </PageBar>
      <ListStates
        loading={loading}
        error={error}
        empty={rows.length === 0}
        none={
          <EmptyState title={t("shares.none")} action={add}>
            {t("shares.noneHelp")}
          </EmptyState>
        }
      >
        <DataTable label={t("nav.shares")} columns={columns} rows={rows} rowId={(row) => row.id} rowName={nameOf} />
      </ListStates>
      {creating ? <CreateShareDialog onClose={() => setCreating(false)} /> : null}
      {revoking === undefined ? null : <RevokeLink link={revoking} onClose={() => setRevoking(undefined)} />}
    </>
  );
}

const nameOf = ({ id, name }: ShareLink): string => (name === "" ? `#${id}` : name);

function useColumns(onRevoke: (link: ShareLink) => void): Column<ShareLink>[] {
  const { t } = useFormats();
  const admin = useIsAdmin();
  const owners = useUserNames();
  const servers = new Map(useServerRows().rows.map(({ id, name }) => [id, name]));
  const services = new Map(useList("/service/list").rows.map(({ id, name }) => [id, name]));
  const pages = new Map(useList("/status-page").rows.map(({ id, title }) => [id, title]));
  const names = { server: servers, service: services, "status-page": pages };
  const shown = ({ rows }: ShareLink) => rows.map(({ kind, id }) => names[kind].get(id) ?? `${kind} #${id}`);
  const owner: Column<ShareLink> = {
    key: "owner",
    label: t("column.owner"),
    className: "wide",
    cell: (row) => <span className="text-ink-2">{owners.get(row.owner_id) ?? `#${row.owner_id}`}</span>,
  };
  return [
    {
      key: "name",
      label: t("form.name"),
      cell: (row) => (
        <span className="inline-flex items-center gap-2 font-medium">
          {nameOf(row)}
          {row.password ? <Chip tone="line">{t("login.password")}</Chip> : null}
        </span>
      ),
      sortBy: nameOf,
    },
    { key: "rows", label: t("shares.shows"), className: "wide", cell: (row) => <Names names={shown(row)} /> },
    ...(admin ? [owner] : []),
    { key: "expires", label: t("tokens.expires"), cell: (row) => <End link={row} />, sortBy: (row) => row.expires_at },
    {
      key: "opened",
      label: t("shares.opened"),
      className: "wider",
      cell: (row) => <Opened link={row} />,
      sortBy: (row) => row.opened_at ?? "",
    },
    {
      key: "actions",
      label: "",
      className: "end",
      cell: (row) => (
        <IconButton label={t("shares.delete", { name: nameOf(row) })} onClick={() => onRevoke(row)}>
          <Trash2 className="size-4" aria-hidden="true" />
        </IconButton>
      ),
    },
  ];
}

function Names({ names }: { readonly names: readonly string[] }) {
  return (
    <span className="inline-flex items-center gap-1" title={names.join("\n")}>
      {names.slice(0, CHIPS).map((name) => (
        <Chip key={name} tone="line">
          {name}
        </Chip>
      ))}
      {names.length > CHIPS ? <span className="text-xs text-ink-3">+{names.length - CHIPS}</span> : null}
    </span>
  );
}

function End({ link }: { readonly link: ShareLink }) {
  const { t, time } = useFormats();
  const at = parseTime(link.expires_at) ?? 0;
  const left = at - Date.now();
  if (left < 0) return <Chip tone="crit">{t("tokens.expired")}</Chip>;
  return (
    <span title={time.full(at)} className="text-ink-2">
      {t("tokens.in", { time: time.duration(left) })}
    </span>
  );
}

function Opened({ link }: { readonly link: ShareLink }) {
  const { t, time } = useFormats();
  const at = parseTime(link.opened_at);
  if (at === undefined) return <span className="text-ink-3">{t("tokens.unused")}</span>;
  return (
    <span title={time.full(at)} className="text-ink-2">
      {t("time.ago", { time: time.ago(at, Date.now()) })}
    </span>
  );
}

function RevokeLink({ link, onClose }: { readonly link: ShareLink; readonly onClose: () => void }) {
  const { t } = useFormats();
  const revoke = useWrite((api, id: number) => api.post("/batch-delete/share-link", [id]), ["/share-link"]);
  return (
    <ConfirmDialog
      title={t("shares.deleteTitle")}
      names={[nameOf(link)]}
      verb={t("shares.deleteVerb")}
      run={async () => void (await revoke.mutateAsync(link.id))}
      onClose={onClose}
    >
      {t("shares.deleteHelp")}
    </ConfirmDialog>
  );
}
