import type { Passkey } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useRead, useWrite } from "#shell/console/queries.ts";
import { useApp } from "#shell/app-context.tsx";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { TextField } from "#ui/field.tsx";
import { canUsePasskeys, makePasskey } from "#wire/passkeys.ts";

const STALE = ["/passkey", "/profile", "/user"];

/** The own passkeys: added with a name, removed. */
export function PasskeysSection() {
  const { t, time } = useFormats();
  const keys = useRead<Passkey[] | null>("/passkey").data ?? [];
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Passkey>();
  const remove = useWrite((api, id: string) => api.remove(`/passkey/${id}`), STALE);
  if (keys.length === 0 && !canUsePasskeys()) return null;
  return (
    <section className="grid gap-3">
      <h2 className="text-lg">{t("passkeys.title")}</h2>
      <p className="text-ink-2">{t("passkeys.help")}</p>
      {keys.length === 0 ? null : (
        <ul className="wf-card" aria-label={t("passkeys.title")}>
          {keys.map((key) => (
            <li key={key.id} className="flex items-center gap-3 border-b border-line px-4 py-2 last:border-0">
              <b className="min-w-0 truncate">{key.name}</b>
              <span className="min-w-0 flex-1 truncate text-sm text-ink-3">
                {key.last_used_at === undefined
                  ? t("passkeys.made", { date: time.dateTime(parseTime(key.created_at) ?? 0) })
                  : t("sessions.used", { time: time.dateTime(parseTime(key.last_used_at) ?? 0) })}
              </span>
              <Button size="small" kind="quiet" onClick={() => setRemoving(key)}>
                {t("passkeys.remove")}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {canUsePasskeys() ? (
        <div>
          <Button onClick={() => setAdding(true)}>{t("passkeys.add")}</Button>
        </div>
      ) : null}
      {adding ? <AddPasskey onClose={() => setAdding(false)} /> : null}
      {removing === undefined ? null : (
        <ConfirmDialog
          title={t("passkeys.removeTitle")}
          names={[removing.name]}
          verb={t("passkeys.remove")}
          run={async () => void (await remove.mutateAsync(removing.id))}
          onClose={() => setRemoving(undefined)}
        >
          {t("passkeys.removeHelp")}
        </ConfirmDialog>
      )}
    </section>
  );
}

function AddPasskey({ onClose }: { readonly onClose: () => void }) {
  const { t } = useFormats();
  const { api } = useApp();
  const [name, setName] = useState("");
  const add = useWrite((client, body: object) => client.post("/passkey", body), STALE);
  const run = async () => {
    const options = await api.post<PublicKeyCredentialCreationOptionsJSON>("/passkey/options");
    const response = await makePasskey(options).catch((failure: unknown) => {
      throw failure instanceof DOMException ? new Error(t("passkeys.failed"), { cause: failure }) : failure;
    });
    await add.mutateAsync({ name, response });
  };
  return (
    <FormDialog title={t("passkeys.add")} verb={t("passkeys.add")} run={run} onClose={onClose}>
      <TextField
        label={t("form.name")}
        help={t("passkeys.nameHelp")}
        maxLength={256}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  );
}
