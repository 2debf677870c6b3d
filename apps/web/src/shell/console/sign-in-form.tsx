import type { LoginResponse } from "@windfire/api";
import { Eye, EyeOff } from "lucide-react";
import type { FormEvent } from "react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "../app-context.tsx";
import { Note } from "#ui/banner.tsx";
import { Button, IconButton } from "#ui/button.tsx";
import { Field, TextField } from "#ui/field.tsx";
import { ApiFailure, isSignedOut } from "#wire/api-error.ts";
import { PasskeyButton } from "./passkey-button.tsx";
import { CodeField } from "./code-field.tsx";

/** What the dashboard answers to a right password of an account that has more than one. */
const SECOND_FACTOR = "second factor required";
/** To whoever has proven to be a user that an administrator has disabled. */
const DISABLED = "this user is disabled: ask an administrator";

/** User name, password, and a code where the account wants one. A refusal says what was wrong at the place; what was typed stays. */
export function SignInForm({ onDone }: { readonly onDone: (answer: LoginResponse) => void }) {
  const { t } = useFormats();
  const { api } = useApp();
  const [error, setError] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const [asksCode, setAsksCode] = useState(false);
  const tell = (text: string | undefined) => setError(text === DISABLED ? t("login.disabled") : text);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(undefined);
    try {
      const typed = { username: form.get("username"), password: form.get("password"), code: form.get("code") ?? "" };
      onDone(await api.post<LoginResponse>("/login", typed));
    } catch (failure) {
      if (failure instanceof ApiFailure && failure.message === SECOND_FACTOR) setAsksCode(true);
      else if (isSignedOut(failure)) setError(t(asksCode ? "login.wrongCode" : "login.wrong"));
      else tell(failure instanceof Error ? failure.message : String(failure));
    }
    setBusy(false);
  };
  return (
    <form className="grid gap-4" onSubmit={(event) => void submit(event)}>
      {error === undefined ? null : (
        <Note state="critical" alert>
          {error}
        </Note>
      )}
      <TextField label={t("login.user")} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required />
      <PasswordField label={t("login.password")} name="password" autoComplete="current-password" required />
      {asksCode ? <CodeField name="code" /> : null}
      <Button kind="primary" type="submit" disabled={busy}>
        {t("login.submit")}
      </Button>
      <PasskeyButton
        label={t("passkeys.signIn")}
        optionsPath="/login/passkey/options"
        send={async (answer) => onDone(await api.post<LoginResponse>("/login/passkey", answer))}
        onError={tell}
      />
    </form>
  );
}

interface PasswordProps {
  readonly label: string;
  readonly name: string;
  readonly autoComplete: "current-password" | "new-password";
  readonly required?: boolean;
  readonly autoFocus?: boolean;
  readonly help?: string;
}

/** A password that can be looked at. */
export function PasswordField({ label, help, ...input }: PasswordProps) {
  const { t } = useFormats();
  const [seen, setSeen] = useState(false);
  return (
    <Field label={label} help={help}>
      {(described) => (
        <span className="relative block">
          <input
            {...input}
            {...described}
            data-focus={input.autoFocus === true ? "" : undefined}
            type={seen ? "text" : "password"}
            className="wf-input pe-10!"
          />
          <span className="absolute inset-y-0 end-1 flex items-center">
            <IconButton label={seen ? t("login.hide") : t("login.show")} onClick={() => setSeen(!seen)}>
              {seen ? <EyeOff className="size-4" aria-hidden="true" /> : <Eye className="size-4" aria-hidden="true" />}
            </IconButton>
          </span>
        </span>
      )}
    </Field>
  );
}
