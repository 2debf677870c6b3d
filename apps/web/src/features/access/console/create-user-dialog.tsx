import type { UserCreateInput } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useWrite } from "#shell/console/queries.ts";
import { SelectField, TextField } from "#ui/field.tsx";
import { PasswordInput } from "./password-input.tsx";
import { fitsLength, PASSWORD_LENGTH } from "./password-rule.ts";
import { ADMIN, MEMBER, ROLES, USER_SPELLINGS } from "./user-roles.ts";
import type { RoleName } from "./user-roles.ts";
import { NOTHING, sightBody, SightFields } from "./viewer-access.tsx";

/** Name, password, role, and what a viewer sees. */
export function CreateUserDialog({ onClose }: { readonly onClose: () => void }) {
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
    <FormDialog title={t("users.add")} verb={t("action.create")} spellings={USER_SPELLINGS} run={run} onClose={onClose}>
      <TextField
        label={t("login.user")}
        name="username"
        autoFocus
        autoComplete="off"
        value={username}
        error={tried && username === "" ? t("form.required") : undefined}
        onChange={(event) => setUsername(event.target.value)}
      />
      <PasswordInput
        label={t("login.password")}
        name="password"
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
