import type { BatchMoveInput, MoveResult, MoveStatus, ServerGroup, ServerGroupFormInput } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useServerGroups, useUserNames, useWrite } from "#shell/console/queries.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { SelectField } from "#ui/field.tsx";
import { Segmented } from "#ui/segmented.tsx";
import type { ServerRow } from "./server-rows.ts";

interface BatchProps {
  readonly rows: readonly ServerRow[];
  readonly onClose: () => void;
}

/** Puts servers into a group or takes them out; the other members stay. */
export function BatchGroupDialog({ rows, onClose }: BatchProps) {
  const { t } = useFormats();
  const { toasts } = useApp();
  const groups = useServerGroups().rows;
  const [id, setId] = useState("");
  const [mode, setMode] = useState<"add" | "remove">("add");
  const [tried, setTried] = useState(false);
  const save = useWrite(
    (api, { group, body }: { group: number; body: ServerGroupFormInput }) => api.patch(`/server-group/${group}`, body),
    ["/server-group"],
  );
  const run = async () => {
    setTried(true);
    const chosen = groups.find(({ group }) => String(group.id) === id);
    if (chosen === undefined) return false;
    const put = (servers: readonly number[]) =>
      save.mutateAsync({ group: chosen.group.id, body: { name: chosen.group.name, servers: [...servers] } });
    await put(changedMembers(chosen, rows, mode));
    toasts.show({ text: t("servers.groupDone", { name: chosen.group.name }), undo: () => void put(chosen.servers ?? []) });
    return true;
  };
  return (
    <FormDialog title={t("servers.groupTitle")} verb={t("action.save")} run={run} onClose={onClose}>
      <p className="text-ink-2">{rows.map((row) => row.server.name).join(", ")}</p>
      <Segmented
        label={t("servers.group")}
        className="justify-self-start"
        value={mode}
        onChange={setMode}
        segments={[
          { value: "add", label: t("servers.groupAdd") },
          { value: "remove", label: t("servers.groupRemove") },
        ]}
      />
      <SelectField
        label={t("servers.group")}
        error={tried && id === "" ? t("servers.groupChoose") : undefined}
        value={id}
        onChange={(event) => setId(event.target.value)}
      >
        <option value="" disabled>
          {t("servers.groupChoose")}
        </option>
        {groups.map(({ group }) => (
          <option key={group.id} value={group.id}>
            {group.name}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  );
}

function changedMembers(group: ServerGroup, rows: readonly ServerRow[], mode: "add" | "remove"): number[] {
  const ids = new Set(rows.map((row) => row.server.id));
  const others = (group.servers ?? []).filter((member) => !ids.has(member));
  return mode === "remove" ? others : [...others, ...ids];
}

/** Gives servers to another user: a transfer for each. */
export function BatchOwnerDialog({ rows, onClose }: BatchProps) {
  const { t } = useFormats();
  const users = useUserNames();
  const [to, setTo] = useState("");
  const [tried, setTried] = useState(false);
  const [results, setResults] = useState<readonly MoveResult[]>();
  const move = useWrite((api, body: BatchMoveInput) => api.post<MoveResult[] | null>("/batch-move/server", body), ["/server", "/transfer"]);
  const run = async () => {
    setTried(true);
    if (to === "") return false;
    setResults((await move.mutateAsync({ ids: rows.map((row) => row.server.id), to_user: Number(to) })) ?? []);
    return false;
  };
  if (results !== undefined) return <MoveReport rows={rows} results={results} onClose={onClose} />;
  return (
    <FormDialog title={t("servers.ownerTitle")} verb={t("servers.ownerVerb")} run={run} onClose={onClose}>
      <p className="text-ink-2">{rows.map((row) => row.server.name).join(", ")}</p>
      <SelectField
        label={t("servers.ownerTo")}
        help={t("servers.ownerHelp")}
        error={tried && to === "" ? t("servers.ownerChoose") : undefined}
        value={to}
        onChange={(event) => setTo(event.target.value)}
      >
        <option value="" disabled>
          {t("servers.ownerChoose")}
        </option>
        {[...users].map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  );
}

function MoveReport({ rows, results, onClose }: BatchProps & { readonly results: readonly MoveResult[] }) {
  const { t, list } = useFormats();
  const names = new Map(rows.map((row) => [row.server.id, row.server.name]));
  const statuses = [...new Set(results.map((result) => result.status))];
  const namesOf = (status: MoveStatus) =>
    list(results.filter((result) => result.status === status).map((result) => names.get(result.server_id) ?? `#${result.server_id}`));
  return (
    <Dialog
      title={t("servers.ownerTitle")}
      onClose={onClose}
      footer={
        <>
          <Link to="/transfer" className="wf-btn">
            {t("servers.seeTransfers")}
          </Link>
          <Button kind="primary" onClick={onClose}>
            {t("action.done")}
          </Button>
        </>
      }
    >
      {statuses.map((status) => (
        <Note key={status} state={status === "pending" ? "up" : "warn"}>
          {t(`servers.moved.${status}`, { names: namesOf(status) })}
        </Note>
      ))}
    </Dialog>
  );
}
