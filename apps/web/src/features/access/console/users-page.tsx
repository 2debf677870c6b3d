import type { User } from "@windfire/api";
import type { LucideIcon } from "lucide-react";
import { Eye, LogOut, PackageOpen, Pencil, Plus, ShieldOff, Trash2, UserRoundCheck, UserRoundX } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { HandOverDialog } from "./hand-over-dialog.tsx";
import { CreateUserDialog } from "./create-user-dialog.tsx";
import { DeleteUser, EndSessions, ResetFactor, SwitchUser } from "./user-questions.tsx";
import { ADMIN, roleOf, ROLES } from "./user-roles.ts";
import { EditUserDialog } from "./edit-user-dialog.tsx";
import { AccessDialog } from "./viewer-access.tsx";
import { ListStates } from "#shell/console/list-states.tsx";
import { MoreMenu } from "#shell/console/more-menu.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useList, useProfile, useServerRows } from "#shell/console/queries.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { Chip } from "#ui/chip.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";

/** Who signs in here, as what, and what can be done about it. */
export function Page() {
  const { t, number } = useFormats();
  const { rows, loading, error } = useList("/user");
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<User>();
  const [resetting, setResetting] = useState<User>();
  const [ending, setEnding] = useState<User>();
  const [changing, setChanging] = useState<User>();
  const [giving, setGiving] = useState<User>();
  const [switching, setSwitching] = useState<User>();
  const [editing, setEditing] = useState<User>();
  const columns = useColumns({
    onDelete: setDeleting,
    onReset: setResetting,
    onEnd: setEnding,
    onAccess: setChanging,
    onGive: setGiving,
    onEdit: setEditing,
    onSwitch: setSwitching,
  });
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
      {creating ? <CreateUserDialog onClose={() => setCreating(false)} /> : null}
      {deleting === undefined ? null : <DeleteUser user={deleting} onClose={() => setDeleting(undefined)} />}
      {resetting === undefined ? null : <ResetFactor user={resetting} onClose={() => setResetting(undefined)} />}
      {ending === undefined ? null : <EndSessions user={ending} onClose={() => setEnding(undefined)} />}
      {giving === undefined ? null : <HandOverDialog user={giving} onClose={() => setGiving(undefined)} />}
      {switching === undefined ? null : <SwitchUser user={switching} onClose={() => setSwitching(undefined)} />}
      {editing === undefined ? null : <EditUserDialog user={editing} onClose={() => setEditing(undefined)} />}
      {changing === undefined ? null : <AccessDialog user={changing} onClose={() => setChanging(undefined)} />}
    </>
  );
}

type ActionName = "onDelete" | "onReset" | "onEnd" | "onAccess" | "onGive" | "onEdit" | "onSwitch";

type Verbs = Readonly<Record<ActionName, (user: User) => void>>;

/** What can be done with a user. */
function useActions({ onDelete, onReset, onEnd, onAccess, onGive, onEdit, onSwitch }: Verbs): (user: User) => UserAction[] {
  const { t } = useFormats();
  const self = useProfile()?.id;
  return (user) => {
    const { username: name } = user;
    const own = user.id === self;
    const all: (UserAction & { readonly when: boolean })[] = [
      { when: !own, label: t("table.edit", { name }), icon: Pencil, run: () => onEdit(user) },
      { when: user.role !== ADMIN, label: t("users.changeAccess", { name }), icon: Eye, run: () => onAccess(user) },
      { when: user.access !== "viewer", label: t("users.handOver", { name }), icon: PackageOpen, run: () => onGive(user) },
      { when: user.second_factor === true && !own, label: t("users.resetFactor", { name }), icon: ShieldOff, run: () => onReset(user) },
      { when: !own, label: t("users.endSessions", { name }), icon: LogOut, run: () => onEnd(user) },
      user.disabled === true
        ? { when: !own, label: t("users.enable", { name }), icon: UserRoundCheck, run: () => onSwitch(user) }
        : { when: !own, label: t("users.disable", { name }), icon: UserRoundX, run: () => onSwitch(user) },
      { when: true, label: t("users.delete", { name }), icon: Trash2, disabled: own, run: () => onDelete(user) },
    ];
    return all.filter(({ when }) => when);
  };
}

function useColumns(verbs: Verbs): Column<User>[] {
  const { t, time, number } = useFormats();
  const self = useProfile()?.id;
  const servers = useServerRows().rows;
  const actionsOn = useActions(verbs);
  const owned = (user: User) => servers.filter((server) => server.owner.id === user.id).length;
  return [
    {
      key: "name",
      label: t("login.user"),
      cell: (user) => (
        <span className="inline-flex items-center gap-2 font-medium">
          {user.username}
          {user.id === self ? <Chip>{t("users.you")}</Chip> : null}
          {user.disabled === true ? <Chip tone="warn">{t("users.disabled")}</Chip> : null}
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
      cell: (user) => {
        const actions = actionsOn(user);
        return (
          <>
            <span className="inline-flex max-sm:hidden">
              {actions.map(({ label, icon: Icon, disabled, run }) => (
                <IconButton key={label} label={label} disabled={disabled} onClick={run}>
                  <Icon className="size-4" aria-hidden="true" />
                </IconButton>
              ))}
            </span>
            <span className="sm:hidden">
              {/* On phones the buttons would lie over the roles. */}
              <MoreMenu name={user.username}>
                {actions
                  .filter(({ disabled }) => disabled !== true)
                  .map(({ label, icon: Icon, run }) => (
                    <button key={label} type="button" onClick={run}>
                      <Icon className="size-4" aria-hidden="true" />
                      {label}
                    </button>
                  ))}
              </MoreMenu>
            </span>
          </>
        );
      },
    },
  ];
}

interface UserAction {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly disabled?: boolean;
  readonly run: () => void;
}

function signInOf({ reject_password, second_factor }: User) {
  if (reject_password === true) return "users.providersOnly";
  return second_factor === true ? "users.passwordAndCode" : "users.password";
}
