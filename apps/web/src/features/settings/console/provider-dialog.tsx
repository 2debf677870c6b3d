import type { SignInProvider, SignInProviderForm } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useWrite } from "#shell/console/queries.ts";
import { AreaField, SwitchField, TextField } from "#ui/field.tsx";

const NEW: SignInProviderForm = {
  name: "",
  issuer: "",
  client_id: "",
  client_secret: "",
  auth_url: "",
  token_url: "",
  user_info_url: "",
  user_id_path: "",
  scopes: ["openid", "email", "profile"],
  pkce: null,
  groups_claim: "groups",
  allowed_domains: [],
  allowed_groups: [],
  roles: { administrator: [], member: [], viewer: [] },
  create_accounts: false,
  sign_out: true,
};

const ROLES = ["administrator", "member", "viewer"] as const;
const ADDRESSES = ["auth_url", "token_url", "user_info_url", "user_id_path"] as const;
const LISTS = ["scopes", "allowed_domains", "allowed_groups"] as const;

const linesOf = (text: string): string[] => text.split("\n").map((line) => line.trim());
const filled = (lines: readonly string[]): string[] => lines.filter((line) => line !== "");

/** Fields are called as in the file: that is what its page and the provider's own pages speak of. */
export function ProviderDialog({ provider, onClose }: { readonly provider?: SignInProvider; readonly onClose: () => void }) {
  const { t } = useFormats();
  const [form, setForm] = useState<SignInProviderForm>(provider === undefined ? NEW : { ...provider, client_secret: "" });
  const save = useWrite((api, body: SignInProviderForm) => api.post("/sign-in-provider", body), ["/sign-in-provider", "/setting"]);
  const set = (change: Partial<SignInProviderForm>) => setForm({ ...form, ...change });
  const run = async () => {
    const { administrator, member, viewer } = form.roles;
    const lists = Object.fromEntries(LISTS.map((key) => [key, filled(form[key])]));
    const roles = { administrator: filled(administrator), member: filled(member), viewer: filled(viewer) };
    await save.mutateAsync({ ...form, ...lists, roles });
  };
  const text = (key: "issuer" | "client_id" | "groups_claim" | (typeof ADDRESSES)[number], help?: string) => (
    <NamedField key={key} name={key} help={help} value={form[key]} onChange={(value) => set({ [key]: value })} />
  );
  return (
    <FormDialog
      title={provider === undefined ? t("providers.add") : t("providers.edit", { name: provider.name })}
      verb={t("action.save")}
      wide
      run={run}
      onClose={onClose}
    >
      <TextField
        label={t("form.name")}
        name="name"
        value={form.name}
        readOnly={provider !== undefined}
        required
        onChange={(event) => set({ name: event.target.value })}
      />
      {text("issuer", t("providers.issuerHelp"))}
      {text("client_id")}
      <TextField
        mono
        label="client_secret"
        name="client_secret"
        type="password"
        autoComplete="off"
        help={provider?.client_secret === true ? t("providers.secretKept") : undefined}
        value={form.client_secret}
        onChange={(event) => set({ client_secret: event.target.value })}
      />
      {ADDRESSES.map((key) => text(key))}
      {LISTS.map((key) => (
        <AreaField
          key={key}
          mono
          label={key}
          name={key}
          help={t("providers.listHelp")}
          value={form[key].join("\n")}
          onChange={(event) => set({ [key]: linesOf(event.target.value) })}
        />
      ))}
      {text("groups_claim")}
      {ROLES.map((role) => (
        <AreaField
          key={role}
          mono
          label={`roles.${role}`}
          help={t("providers.rolesHelp")}
          value={form.roles[role].join("\n")}
          onChange={(event) => set({ roles: { ...form.roles, [role]: linesOf(event.target.value) } })}
        />
      ))}
      <SwitchField
        label="create_accounts"
        help={t("providers.createHelp")}
        checked={form.create_accounts}
        onChange={(create_accounts) => set({ create_accounts })}
      />
      <SwitchField label="sign_out" checked={form.sign_out} onChange={(sign_out) => set({ sign_out })} />
    </FormDialog>
  );
}

interface NamedFieldProps {
  readonly name: string;
  readonly help: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function NamedField({ name, onChange, ...field }: NamedFieldProps) {
  return <TextField mono label={name} name={name} {...field} onChange={(event) => onChange(event.target.value)} />;
}
