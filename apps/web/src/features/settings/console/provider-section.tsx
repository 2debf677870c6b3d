import type { SignInProvider } from "@windfire/api";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useRead, useWrite } from "#shell/console/queries.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { ProviderDialog } from "./provider-dialog.tsx";

const PATH = "/sign-in-provider";

/** Accounts elsewhere that people sign in with. They stand in the file, beside the settings, and are saved one at a time. */
export function ProviderSection() {
  const { t } = useFormats();
  const providers = useRead<SignInProvider[]>(PATH).data ?? [];
  const [editing, setEditing] = useState<SignInProvider | "new">();
  const [removing, setRemoving] = useState<SignInProvider>();
  return (
    <section className="grid max-w-(--form) gap-3">
      <h2 className="text-lg">{t("providers.title")}</h2>
      <p className="text-ink-2">{t("providers.help")}</p>
      {providers.length === 0 ? <p className="text-ink-3">{t("providers.none")}</p> : null}
      <ul className="grid gap-2">
        {providers.map((provider) => (
          <li key={provider.name} className="wf-card flex items-center gap-2 px-4 py-2">
            <span className="grid min-w-0 flex-1">
              <b className="truncate font-medium">{provider.name}</b>
              <span className="truncate text-sm text-ink-3">{provider.issuer || provider.token_url}</span>
            </span>
            <IconButton label={t("providers.edit", { name: provider.name })} onClick={() => setEditing(provider)}>
              <Pencil className="size-4" aria-hidden="true" />
            </IconButton>
            <IconButton label={t("providers.delete", { name: provider.name })} onClick={() => setRemoving(provider)}>
              <Trash2 className="size-4" aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
      <Button className="justify-self-start" onClick={() => setEditing("new")}>
        <Plus className="size-4" aria-hidden="true" />
        {t("providers.add")}
      </Button>
      {editing === undefined ? null : (
        <ProviderDialog {...(editing === "new" ? {} : { provider: editing })} onClose={() => setEditing(undefined)} />
      )}
      {removing === undefined ? null : <RemoveProvider provider={removing} onClose={() => setRemoving(undefined)} />}
    </section>
  );
}

function RemoveProvider({ provider, onClose }: { readonly provider: SignInProvider; readonly onClose: () => void }) {
  const { t } = useFormats();
  const remove = useWrite((api, name: string) => api.post(`/batch-delete${PATH}`, [name]), [PATH, "/setting"]);
  return (
    <ConfirmDialog
      title={t("providers.deleteTitle")}
      names={[provider.name]}
      verb={t("providers.deleteVerb")}
      run={async () => void (await remove.mutateAsync(provider.name))}
      onClose={onClose}
    >
      {t("providers.deleteHelp")}
    </ConfirmDialog>
  );
}
