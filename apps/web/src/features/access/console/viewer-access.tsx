import type { User, UserAccessInput } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useServerGroups, useServerRows, useWrite } from "#shell/console/queries.ts";
import { SelectField } from "#ui/field.tsx";
import { Picker } from "#ui/picker.tsx";

export interface Sight {
  readonly servers: readonly number[];
  readonly groups: readonly number[];
}

export const NOTHING: Sight = { servers: [], groups: [] };

export const sightBody = ({ servers, groups }: Sight) => ({ servers: [...servers], server_groups: [...groups] });

/** What a viewer sees. */
export function SightFields({ sight, onChange }: { readonly sight: Sight; readonly onChange: (sight: Sight) => void }) {
  const { t } = useFormats();
  const servers = useServerRows().rows;
  const groups = useServerGroups().rows;
  return (
    <>
      <Picker
        label={t("users.sees")}
        options={servers.map(({ id, name }) => ({ id, name }))}
        chosen={sight.servers}
        onChange={(chosen) => onChange({ ...sight, servers: chosen })}
      />
      <Picker
        label={t("users.seesGroups")}
        help={t("users.seesGroupsHelp")}
        options={groups.map(({ group }) => ({ id: group.id, name: group.name }))}
        chosen={sight.groups}
        onChange={(chosen) => onChange({ ...sight, groups: chosen })}
      />
    </>
  );
}

/** Member or viewer, and of what. */
export function AccessDialog({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const { t } = useFormats();
  const [access, setAccess] = useState<UserAccessInput["access"]>(user.access ?? "member");
  const [sight, setSight] = useState<Sight>({ servers: user.servers ?? [], groups: user.server_groups ?? [] });
  const save = useWrite((api, body: UserAccessInput) => api.post(`/user/${user.id}/access`, body), ["/user"]);
  const run = async () => {
    await save.mutateAsync({ access, ...sightBody(access === "viewer" ? sight : NOTHING) });
    return true;
  };
  return (
    <FormDialog title={t("users.accessTitle", { name: user.username })} verb={t("action.save")} run={run} onClose={onClose}>
      <SelectField
        label={t("users.role")}
        help={t("users.accessHelp")}
        value={access}
        onChange={(event) => setAccess(event.target.value === "viewer" ? "viewer" : "member")}
      >
        <option value="member">{t("users.member")}</option>
        <option value="viewer">{t("users.viewer")}</option>
      </SelectField>
      {access === "viewer" ? <SightFields sight={sight} onChange={setSight} /> : null}
    </FormDialog>
  );
}
