import type { ApiTokenCreated, ApiTokenCreateInput } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useServerRows, useWrite } from "#shell/console/queries.ts";
import { useMay } from "#shell/console/rights.tsx";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { CopyField } from "#ui/copy-field.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { SelectField, TextField } from "#ui/field.tsx";
import { Picker } from "#ui/picker.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { packScopes, PRESET_NAMES, presetOf, PRESETS, ScopeMatrix, VERBS } from "./scope-matrix.tsx";

const DAYS = [7, 30, 90, 365, 0] as const;
const DEFAULT_DAYS = 90;

/** Name, rights, servers, life. The token itself is shown once, at the end. */
export function CreateTokenDialog({ onClose }: { readonly onClose: () => void }) {
  const [created, setCreated] = useState<ApiTokenCreated>();
  if (created !== undefined) return <CreatedToken token={created} onClose={onClose} />;
  return <TokenForm onCreated={setCreated} onClose={onClose} />;
}

function TokenForm({ onCreated, onClose }: { readonly onCreated: (token: ApiTokenCreated) => void; readonly onClose: () => void }) {
  const { t } = useFormats();
  const [admin, changes] = [useMay("administer"), useMay("change")];
  const servers = useServerRows().rows;
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<ReadonlySet<string>>(PRESETS.read);
  const [only, setOnly] = useState<readonly number[]>([]);
  const [days, setDays] = useState<number>(DEFAULT_DAYS);
  const [tried, setTried] = useState(false);
  const create = useWrite((api, body: ApiTokenCreateInput) => api.post<ApiTokenCreated>("/api-tokens", body), ["/api-tokens"]);
  const packed = packScopes(scopes);
  const run = async () => {
    setTried(true);
    if (name.trim() === "" || packed.length === 0) return false;
    onCreated(await create.mutateAsync({ name: name.trim(), scopes: packed, server_ids: [...only], expires_in_days: days }));
    return false;
  };
  return (
    <FormDialog title={t("tokens.add")} verb={t("action.create")} wide run={run} onClose={onClose}>
      <TextField
        label={t("form.name")}
        help={t("tokens.nameHelp")}
        name="name"
        autoFocus
        maxLength={128}
        value={name}
        error={tried && name.trim() === "" ? t("form.required") : undefined}
        onChange={(event) => setName(event.target.value)}
      />
      <SelectField label={t("tokens.expires")} value={String(days)} onChange={(event) => setDays(Number(event.target.value))}>
        {DAYS.map((value) => (
          <option key={value} value={value}>
            {value === 0 ? t("tokens.never") : t("tokens.afterDays", { count: value })}
          </option>
        ))}
      </SelectField>
      <div className="grid gap-1.5">
        <b>{t("tokens.scopes")}</b>
        <Segmented
          label={t("tokens.preset")}
          className="justify-self-start"
          value={presetOf(scopes) ?? ""}
          onChange={(preset) => preset !== "" && setScopes(PRESETS[preset])}
          segments={PRESET_NAMES.filter((preset) => changes || preset === "read").map((value) => ({
            value,
            label: t(`tokens.presets.${value}`),
          }))}
        />
        <ScopeMatrix scopes={scopes} admin={admin} verbs={changes ? VERBS : ["read"]} onChange={setScopes} />
        {tried && packed.length === 0 ? (
          <Note state="critical" alert>
            {t("tokens.noScope")}
          </Note>
        ) : null}
      </div>
      <Picker
        label={t("tokens.servers")}
        help={t("tokens.serversHelp")}
        options={servers.map((server) => ({ id: server.id, name: server.name }))}
        chosen={only}
        onChange={setOnly}
      />
    </FormDialog>
  );
}

function CreatedToken({ token, onClose }: { readonly token: ApiTokenCreated; readonly onClose: () => void }) {
  const { t } = useFormats();
  return (
    <Dialog
      title={t("tokens.created", { name: token.name })}
      onClose={onClose}
      footer={
        <Button kind="primary" onClick={onClose}>
          {t("action.done")}
        </Button>
      }
    >
      <Note state="warn" title={t("tokens.once")}>
        {t("tokens.onceHelp")}
      </Note>
      <CopyField label={t("tokens.token")} text={token.token} />
    </Dialog>
  );
}
