import type { ServerGroup, ServerGroupFormInput } from "@windfire/api";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { ListStates } from "#shell/console/list-states.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useServerGroups, useServerRows, useWrite } from "#shell/console/queries.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { TextField } from "#ui/field.tsx";
import { Picker } from "#ui/picker.tsx";

/** Server groups: name and members, by name. */
export function Page() {
  const { t, number } = useFormats();
  const { rows, loading, error } = useServerGroups();
  const servers = useServerRows().rows;
  const [editing, setEditing] = useState<ServerGroup | "new">();
  const [deleting, setDeleting] = useState<ServerGroup>();
  const names = new Map(servers.map((server) => [server.id, server.name]));
  const columns: Column<ServerGroup>[] = [
    {
      key: "name",
      label: t("form.name"),
      cell: ({ group }) => <span className="font-medium">{group.name}</span>,
      sortBy: ({ group }) => group.name,
    },
    {
      key: "members",
      label: t("groups.members"),
      cell: ({ servers: ids }) => (
        <span className="block max-w-160 truncate text-ink-2 max-md:max-w-44">{memberText(ids ?? [], names)}</span>
      ),
    },
    {
      key: "count",
      label: t("groups.count"),
      className: "end",
      cell: ({ servers: ids }) => number.count(ids?.length ?? 0),
      sortBy: ({ servers: ids }) => ids?.length ?? 0,
    },
    {
      key: "actions",
      label: "",
      className: "end",
      cell: (row) => (
        <>
          <IconButton label={t("groups.edit", { name: row.group.name })} onClick={() => setEditing(row)}>
            <Pencil className="size-4" aria-hidden="true" />
          </IconButton>
          <IconButton label={t("groups.delete", { name: row.group.name })} onClick={() => setDeleting(row)}>
            <Trash2 className="size-4" aria-hidden="true" />
          </IconButton>
        </>
      ),
    },
  ];
  const add = (
    <Button kind="primary" size="small" onClick={() => setEditing("new")}>
      <Plus className="size-4" aria-hidden="true" />
      {t("groups.add")}
    </Button>
  );
  return (
    <>
      <PageBar title={t("nav.groups")} aside={number.count(rows.length)}>
        {add}
      </PageBar>
      <ListStates
        loading={loading}
        error={error}
        empty={rows.length === 0}
        none={
          <EmptyState title={t("groups.none")} action={add}>
            {t("groups.noneHelp")}
          </EmptyState>
        }
      >
        <DataTable
          label={t("nav.groups")}
          columns={columns}
          rows={rows}
          rowId={({ group }) => group.id}
          rowName={({ group }) => group.name}
        />
      </ListStates>
      {editing === undefined ? null : <GroupDialog group={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
      {deleting === undefined ? null : <DeleteGroup group={deleting} onClose={() => setDeleting(undefined)} />}
    </>
  );
}

function memberText(ids: readonly number[], names: ReadonlyMap<number, string>): string {
  return ids.length === 0 ? "–" : ids.map((id) => names.get(id) ?? `#${id}`).join(", ");
}

function GroupDialog({ group, onClose }: { readonly group: ServerGroup | undefined; readonly onClose: () => void }) {
  const { t } = useFormats();
  const servers = useServerRows().rows;
  const [name, setName] = useState(group?.group.name ?? "");
  const [members, setMembers] = useState<readonly number[]>(group?.servers ?? []);
  const [tried, setTried] = useState(false);
  const save = useWrite(
    (api, body: ServerGroupFormInput) =>
      group === undefined ? api.post("/server-group", body) : api.patch(`/server-group/${group.group.id}`, body),
    ["/server-group"],
  );
  const run = async () => {
    setTried(true);
    if (name.trim() === "") return false;
    await save.mutateAsync({ name: name.trim(), servers: [...members] });
    return true;
  };
  return (
    <FormDialog
      title={group === undefined ? t("groups.add") : t("groups.edit", { name: group.group.name })}
      verb={group === undefined ? t("action.create") : t("action.save")}
      run={run}
      onClose={onClose}
    >
      <TextField
        label={t("form.name")}
        value={name}
        error={tried && name.trim() === "" ? t("form.required") : undefined}
        onChange={(event) => setName(event.target.value)}
      />
      <Picker
        label={t("groups.members")}
        options={servers.map((server) => ({
          id: server.id,
          name: server.name,
          ...(server.geoip.ip.ipv4_addr === undefined ? {} : { aside: server.geoip.ip.ipv4_addr }),
        }))}
        chosen={members}
        onChange={setMembers}
      />
    </FormDialog>
  );
}

function DeleteGroup({ group, onClose }: { readonly group: ServerGroup; readonly onClose: () => void }) {
  const { t } = useFormats();
  const remove = useWrite((api, ids: readonly number[]) => api.post("/batch-delete/server-group", ids), ["/server-group"]);
  return (
    <ConfirmDialog
      title={t("groups.deleteTitle")}
      names={[group.group.name]}
      verb={t("groups.deleteVerb")}
      run={async () => void (await remove.mutateAsync([group.group.id]))}
      onClose={onClose}
    >
      {t("groups.deleteHelp")}
    </ConfirmDialog>
  );
}
