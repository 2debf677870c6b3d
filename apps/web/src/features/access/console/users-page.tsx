import type { User, UserCreateInput } from "@windfire/api";
import { Eye, LogOut, PackageOpen, Plus, ShieldOff, Trash2 } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { HandOverDialog } from "./hand-over-dialog.tsx";
import { AccessDialog, NOTHING, sightBody, SightFields } from "./viewer-access.tsx";
import { PasswordInput } from "./password-input.tsx";
import { fitsLength, PASSWORD_LENGTH } from "./password-rule.ts";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { ListStates } from "#shell/console/list-states.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useList, useProfile, useServerRows, useWrite } from "#shell/console/queries.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { Chip } from "#ui/chip.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { SelectField, TextField } from "#ui/field.tsx";

const ADMIN = 0;
const MEMBER = 1;

/** In the order of the form. */
const ROLES = ["member", "viewer", "admin"] as const;
type RoleName = (typeof ROLES)[number];

const roleOf = (user: User): RoleName => (user.role === ADMIN ? "admin" : (user.access ?? "member"));

export function Page() {
  const { t, number } = useFormats();
  const { rows, loading, error } = useList("/user");
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<User>();
  const [resetting, setResetting] = useState<User>();
  const [ending, setEnding] = useState<User>();
  const [changing, setChanging] = useState<User>();
  const [giving, setGiving] = useState<User>();
  const columns = useColumns({ onDelete: setDeleting, onReset: setResetting, onEnd: setEnding, onAccess: setChanging, onGive: setGiving });
  return (
    <>
      <PageBar title={t("nav.users")} aside={number.count(rows.length)}>
        <Button kind="primary" size="small" onClick={() => setCreating(true)}>
          <Plus className="size-4" aria-hidden="true" />
          {t("users.add")}
        </Button>
      </PageBar>
      <ListStates loading={loading} error={error} empty={rows.length === 0} none={null}>
        <DataTable label={t("nav.users")} columns={columns} rows={rows} rowId={(row) => row.id} rowName={(row) => row.username} />
      </ListStates>
      {creating ? <CreateUser onClose={() => setCreating(false)} /> : null}
      {deleting === undefined ? null : <DeleteUser user={deleting} onClose={() => setDeleting(undefined)} />}
      {resetting === undefined ? null : <ResetFactor user={resetting} onClose={() => setResetting(undefined)} />}
      {ending === undefined ? null : <EndSessions user={ending} onClose={() => setEnding(undefined)} />}
      {giving === undefined ? null : <HandOverDialog user={giving} onClose={() => setGiving(undefined)} />}
      {changing === undefined ? null : <AccessDialog user={changing} onClose={() => setChanging(undefined)} />}
    </>
  );
}

type ActionName = "onDelete" | "onReset" | "onEnd" | "onAccess" | "onGive";

function useColumns({ onDelete, onReset, onEnd, onAccess, onGive }: Readonly<Record<ActionName, (user: User) => void>>): Column<User>[] {
  const { t, time, number } = useFormats();
  const self = useProfile()?.id;
  const servers = useServerRows().rows;
  const owned = (user: User) => servers.filter((server) => server.owner.id === user.id).length;
  return [
    {
      key: "name",
      label: t("login.user"),
      cell: (user) => (
        <span className="inline-flex items-center gap-2 font-medium">
          {user.username}
          {user.id === self ? <Chip>{t("users.you")}</Chip> : null}
        </span>
      ),
      sortBy: (user) => user.username,
    },
    {
      key: "role",
      label: t("users.role"),
      cell: (user) => t(`users.${roleOf(user)}`),
      sortBy: (user) => ROLES.indexOf(roleOf(user)),
    },
    { key: "servers", label: t("nav.servers"), className: "end wide", cell: (user) => number.count(owned(user)), sortBy: owned },
    {
      key: "password",
      label: t("users.signIn"),
      className: "wide",
      cell: (user) => <span className="text-ink-2">{t(signInOf(user))}</span>,
    },
    {
      key: "created",
      label: t("users.created"),
      className: "wide",
      cell: (user) => <span className="text-ink-2">{time.date(parseTime(user.created_at) ?? 0, Date.now())}</span>,
      sortBy: (user) => user.created_at,
    },
    {
      key: "actions",
      label: "",
      className: "end",
      cell: (user) => (
        <>
          {user.role === ADMIN ? null : (
            <IconButton label={t("users.changeAccess", { name: user.username })} onClick={() => onAccess(user)}>
              <Eye className="size-4" aria-hidden="true" />
            </IconButton>
          )}
          {user.access === "viewer" ? null : (
            <IconButton label={t("users.handOver", { name: user.username })} onClick={() => onGive(user)}>
              <PackageOpen className="size-4" aria-hidden="true" />
            </IconButton>
          )}
          {user.second_factor === true && user.id !== self ? (
            <IconButton label={t("users.resetFactor", { name: user.username })} onClick={() => onReset(user)}>
              <ShieldOff className="size-4" aria-hidden="true" />
            </IconButton>
          ) : null}
          {user.id === self ? null : (
            <IconButton label={t("users.endSessions", { name: user.username })} onClick={() => onEnd(user)}>
              <LogOut className="size-4" aria-hidden="true" />
            </IconButton>
          )}
          <IconButton label={t("users.delete", { name: user.username })} disabled={user.id === self} onClick={() => onDelete(user)}>
            <Trash2 className="size-4" aria-hidden="true" />
          </IconButton>
        </>
      ),
    },
  ];
}

function signInOf({ reject_password, second_factor }: User) {
  if (reject_password === true) return "users.providersOnly";
  return second_factor === true ? "users.passwordAndCode" : "users.password";
}

function ResetFactor({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const { t } = useFormats();
  const reset = useWrite((api, id: number) => api.post(`/user/${id}/reset-second-factor`), ["/user"]);
  return (
    <ConfirmDialog
      title={t("users.resetTitle")}
      names={[user.username]}
      verb={t("users.resetVerb")}
      run={async () => void (await reset.mutateAsync(user.id))}
      onClose={onClose}
    >
      {t("users.resetHelp")}
    </ConfirmDialog>
  );
}

function EndSessions({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const { t } = useFormats();
  const end = useWrite((api, id: number) => api.post(`/user/${id}/end-sessions`), []);
  return (
    <ConfirmDialog
      title={t("users.endTitle")}
      names={[user.username]}
      verb={t("users.endVerb")}
      run={async () => void (await end.mutateAsync(user.id))}
      onClose={onClose}
    >
      {t("users.endHelp")}
    </ConfirmDialog>
  );
}

function CreateUser({ onClose }: { readonly onClose: () => void }) {
  const { t } = useFormats();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<RoleName>("member");
  const [sight, setSight] = useState(NOTHING);
  const [tried, setTried] = useState(false);
  const create = useWrite((api, body: UserCreateInput) => api.post("/user", body), ["/user"]);
  const fits = fitsLength(password);
  const run = async () => {
    setTried(true);
    if (username === "" || !fits) return false;
    const viewer = role === "viewer" ? { access: role, ...sightBody(sight) } : {};
    await create.mutateAsync({ username, password, role: role === "admin" ? ADMIN : MEMBER, refuse_common: true, ...viewer });
    return true;
  };
  return (
    <FormDialog title={t("users.add")} verb={t("action.create")} run={run} onClose={onClose}>
      <TextField
        label={t("login.user")}
        autoComplete="off"
        value={username}
        error={tried && username === "" ? t("form.required") : undefined}
        onChange={(event) => setUsername(event.target.value)}
      />
      <PasswordInput
        label={t("login.password")}
        help={t("users.passwordHelp")}
        value={password}
        error={tried && !fits ? t("users.passwordLength", PASSWORD_LENGTH) : undefined}
        onChange={setPassword}
      />
      <SelectField
        label={t("users.role")}
        help={t("users.roleHelp")}
        value={role}
        onChange={(event) => setRole(ROLES.find((name) => name === event.target.value) ?? "member")}
      >
        {ROLES.map((name) => (
          <option key={name} value={name}>
            {t(`users.${name}`)}
          </option>
        ))}
      </SelectField>
      {role === "viewer" ? <SightFields sight={sight} onChange={setSight} /> : null}
    </FormDialog>
  );
}

function DeleteUser({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const { t } = useFormats();
  const count = useServerRows().rows.filter((server) => server.owner.id === user.id).length;
  const remove = useWrite((api, ids: readonly number[]) => api.post("/batch-delete/user", ids), ["/user", "/server"]);
  return (
    <ConfirmDialog
      title={t("users.deleteTitle")}
      names={[user.username]}
      verb={t("users.deleteVerb")}
      run={async () => void (await remove.mutateAsync([user.id]))}
      onClose={onClose}
    >
      {t("users.deleteHelp", { count })}
    </ConfirmDialog>
  );
}
