import type { User } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { useServerRows, useWrite } from "#shell/console/queries.ts";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";

interface QuestionProps {
  readonly user: User;
  readonly onClose: () => void;
}

export function ResetFactor({ user, onClose }: QuestionProps) {
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

export function EndSessions({ user, onClose }: QuestionProps) {
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

/** Keeps a user out, or lets one in again who was. */
export function SwitchUser({ user, onClose }: QuestionProps) {
  const { t } = useFormats();
  const disable = user.disabled !== true;
  const verb = disable ? "disable" : "enable";
  const change = useWrite((api, disabled: boolean) => api.patch(`/user/${user.id}`, { disabled }), ["/user"]);
  return (
    <ConfirmDialog
      title={t(`users.${verb}Title`)}
      names={[user.username]}
      verb={t(`users.${verb}Verb`)}
      dangerous={disable}
      run={async () => void (await change.mutateAsync(disable))}
      onClose={onClose}
    >
      {t(`users.${verb}Help`)}
    </ConfirmDialog>
  );
}

export function DeleteUser({ user, onClose }: QuestionProps) {
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
