import type { FormEvent } from "react";
import { useState, useSyncExternalStore } from "react";
import { useFormats } from "#lib/formats.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { useApp } from "../app-context.tsx";
import { PasskeyButton } from "./passkey-button.tsx";
import { CodeField } from "./code-field.tsx";
import { useProfile } from "./queries.ts";
import { PasswordField } from "./sign-in-form.tsx";

/** Asks who is there before something that reaches far; what waits for it goes on by itself. */
export function ConfirmIdentity() {
  const { confirmations } = useApp();
  const waiting = useSyncExternalStore(confirmations.subscribe, confirmations.waiting);
  return waiting ? <Question onDone={confirmations.settle} /> : null;
}

function Question({ onDone }: { readonly onDone: (proven: boolean) => void }) {
  const { t } = useFormats();
  const { api } = useApp();
  const hasFactor = useProfile()?.second_factor === true;
  const [error, setError] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(undefined);
    try {
      await api.post("/step-up", { code: form.get("code") ?? "", password: form.get("password") ?? "" });
      return onDone(true);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
    setBusy(false);
  };
  return (
    <Dialog
      title={t("confirm.title")}
      onClose={() => onDone(false)}
      footer={
        <>
          <Button onClick={() => onDone(false)}>{t("action.cancel")}</Button>
          <Button kind="primary" type="submit" form="confirm-identity" disabled={busy}>
            {t("confirm.verb")}
          </Button>
        </>
      }
    >
      <form id="confirm-identity" className="grid gap-4" onSubmit={(event) => void submit(event)}>
        <p className="text-ink-2">{t("confirm.help")}</p>
        {hasFactor ? (
          <CodeField name="code" />
        ) : (
          <PasswordField label={t("login.password")} name="password" autoComplete="current-password" required autoFocus />
        )}
        {hasFactor ? (
          <PasskeyButton
            label={t("passkeys.use")}
            optionsPath="/step-up/options"
            send={async (passkey) => {
              await api.post("/step-up", { passkey });
              onDone(true);
            }}
            onError={setError}
          />
        ) : null}
        {error === undefined ? null : (
          <Note state="critical" alert>
            {error}
          </Note>
        )}
      </form>
    </Dialog>
  );
}
