import type { User, UserPatchInput } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useWrite } from "#shell/console/queries.ts";
import { SelectField, TextField } from "#ui/field.tsx";
import { PasswordInput } from "./password-input.tsx";
import { fitsLength, PASSWORD_LENGTH } from "./password-rule.ts";
import { ADMIN, MEMBER, USER_SPELLINGS } from "./user-roles.ts";

/** Another user's name, a new password, and whether they are administrator. What stays as it is is not sent. */
export function EditUserDialog({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const { t } = useFormats();
  const [username, setUsername] = useState(user.username);
  const [password, setPassword] = useState("");
  const [role, setRole] = useState(user.role);
  const [tried, setTried] = useState(false);
  const save = useWrite((api, body: UserPatchInput) => api.patch(`/user/${user.id}`, body), ["/user"]);
  const fits = password === "" || fitsLength(password);
  const run = async () => {
    setTried(true);
    if (username === "" || !fits) return false;
    await save.mutateAsync({
      ...(username === user.username ? {} : { username }),
      ...(password === "" ? {} : { password, refuse_common: true }),
      ...(role === user.role ? {} : { role }),
    });
    return true;
  };
  return (
    <FormDialog
      title={t("table.edit", { name: user.username })}
      verb={t("action.save")}
      spellings={USER_SPELLINGS}
      run={run}
      onClose={onClose}
    >
      <p className="text-ink-2">{t("users.editHelp")}</p>
      <TextField
        label={t("login.user")}
        name="username"
        autoComplete="off"
        value={username}
        error={tried && username === "" ? t("form.required") : undefined}
        onChange={(event) => setUsername(event.target.value)}
      />
      <PasswordInput
        label={t("profile.newPassword")}
        help={t("profile.newHelp")}
        name="password"
        value={password}
        error={tried && !fits ? t("users.passwordLength", PASSWORD_LENGTH) : undefined}
        onChange={setPassword}
      />
      {user.access === "viewer" ? null : (
        <SelectField label={t("users.role")} name="role" value={String(role)} onChange={(event) => setRole(Number(event.target.value))}>
          <option value={MEMBER}>{t("users.member")}</option>
          <option value={ADMIN}>{t("users.admin")}</option>
        </SelectField>
      )}
    </FormDialog>
  );
}
