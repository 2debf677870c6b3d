import type { ApiToken } from "@windfire/api";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { ListStates } from "#shell/console/list-states.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useList, useServerRows, useWrite } from "#shell/console/queries.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { Chip } from "#ui/chip.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { CreateTokenDialog } from "./create-token-dialog.tsx";

const DAY = 86_400_000;
const SOON_DAYS = 14;
const CHIPS = 3;

/** The caller's own API tokens. */
export function Page() {
  const { t, number } = useFormats();
  const { rows, loading, error } = useList("/api-tokens");
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<ApiToken>();
  const columns = useColumns(setDeleting);
  const add = (
    <Button kind="primary" size="small" onClick={() => setCreating(true)}>
      <Plus className="size-4" aria-hidden="true" />
      {t("tokens.add")}
    </Button>
  );
  return (
    <>
      <PageBar title={t("nav.tokens")} aside={number.count(rows.length)}>
        {add}
      </PageBar>
      <ListStates
        loading={loading}
        error={error}
        empty={rows.length === 0}
        none={
          <EmptyState title={t("tokens.none")} action={add}>
            {t("tokens.noneHelp")}
          </EmptyState>
        }
      >
        <DataTable label={t("nav.tokens")} columns={columns} rows={rows} rowId={(row) => row.id} rowName={(row) => row.name} />
      </ListStates>
      {creating ? <CreateTokenDialog onClose={() => setCreating(false)} /> : null}
      {deleting === undefined ? null : <DeleteToken token={deleting} onClose={() => setDeleting(undefined)} />}
    </>
  );
}

function useColumns(onDelete: (token: ApiToken) => void): Column<ApiToken>[] {
  const { t } = useFormats();
  const servers = new Map(useServerRows().rows.map((server) => [server.id, server.name]));
  return [
    { key: "name", label: t("form.name"), cell: (row) => <span className="font-medium">{row.name}</span>, sortBy: (row) => row.name },
    { key: "scopes", label: t("tokens.scopes"), className: "wide", cell: (row) => <Names names={row.scopes ?? []} /> },
    {
      key: "servers",
      label: t("tokens.servers"),
      className: "wider",
      cell: (row) =>
        row.server_ids === undefined ? (
          <span className="text-ink-2">{t("tokens.allServers")}</span>
        ) : (
          <Names names={row.server_ids.map((id) => servers.get(id) ?? `#${id}`)} />
        ),
    },
    { key: "expires", label: t("tokens.expires"), cell: (row) => <Expiry token={row} />, sortBy: (row) => row.expires_at ?? "9" },
    {
      key: "used",
      label: t("tokens.used"),
      className: "wide",
      cell: (row) => <LastUse token={row} />,
      sortBy: (row) => row.last_used_at ?? "",
    },
    {
      key: "actions",
      label: "",
      className: "end",
      cell: (row) => (
        <IconButton label={t("tokens.delete", { name: row.name })} onClick={() => onDelete(row)}>
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
          {name.replace("nezha:", "")}
        </Chip>
      ))}
      {names.length > CHIPS ? <span className="text-xs text-ink-3">+{names.length - CHIPS}</span> : null}
    </span>
  );
}

function Expiry({ token }: { readonly token: ApiToken }) {
  const { t, time } = useFormats();
  const at = parseTime(token.expires_at);
  if (at === undefined) return <span className="text-ink-2">{t("tokens.never")}</span>;
  const left = at - Date.now();
  if (left < 0) return <Chip tone="crit">{t("tokens.expired")}</Chip>;
  return (
    <span title={time.full(at)} className={left < SOON_DAYS * DAY ? "font-medium text-warn-text" : "text-ink-2"}>
      {t("tokens.in", { time: time.duration(left) })}
    </span>
  );
}

function LastUse({ token }: { readonly token: ApiToken }) {
  const { t, time } = useFormats();
  const at = parseTime(token.last_used_at);
  if (at === undefined) return <span className="text-ink-3">{t("tokens.unused")}</span>;
  return (
    <span title={time.full(at)} className="text-ink-2">
      {t("time.ago", { time: time.ago(at, Date.now()) })}
      {token.last_used_ip === undefined ? null : <span className="ms-2 font-mono text-xs">{token.last_used_ip}</span>}
    </span>
  );
}

function DeleteToken({ token, onClose }: { readonly token: ApiToken; readonly onClose: () => void }) {
  const { t } = useFormats();
  const remove = useWrite((api, id: number) => api.remove(`/api-tokens/${id}`), ["/api-tokens"]);
  return (
    <ConfirmDialog
      title={t("tokens.deleteTitle")}
      names={[token.name]}
      verb={t("tokens.deleteVerb")}
      run={async () => void (await remove.mutateAsync(token.id))}
      onClose={onClose}
    >
      {t("tokens.deleteHelp")}
    </ConfirmDialog>
  );
}
