import type { OAuth2Start, Profile, ProfileUpdateInput } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useProfile, useSetting, useWrite } from "#shell/console/queries.ts";
import { FormBar } from "#shell/console/form-bar.tsx";
import { Changing } from "#shell/console/rights.tsx";
import { useForm } from "#shell/console/use-form.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Card } from "#ui/card.tsx";
import { CopyField } from "#ui/copy-field.tsx";
import { SwitchField, TextField } from "#ui/field.tsx";
import { BrowserSection } from "./browser-section.tsx";
import { SessionsSection } from "./sessions-section.tsx";
import { PasskeysSection } from "./passkeys-section.tsx";
import { SecondFactorSection } from "./second-factor-section.tsx";
import { PasswordInput } from "./password-input.tsx";
import { fitsLength, PASSWORD_LENGTH } from "./password-rule.ts";

const SPELLINGS = {
  username: /^(username|new_username: )/,
  password: "new_password",
  current: /^(original_password: |incorrect password)/,
} as const;

const MASK = "••••••••••••••••••••••••••••••••";

/** The signed-in user's own account. */
export function Page() {
  const { t } = useFormats();
  const profile = useProfile();
  if (profile === undefined) return null;
  return (
    <>
      <PageBar title={t("nav.profile")} aside={profile.username} />
      <div className="grid max-w-(--form) gap-5">
        <Account profile={profile} />
        <SecondFactorSection />
        <PasskeysSection />
        <LinkedLogins profile={profile} />
        <SessionsSection />
        <BrowserSection />
        <Changing>
          <section className="grid gap-3">
            <h2 className="text-lg">{t("profile.secret")}</h2>
            <p className="text-ink-2">{t("profile.secretHelp")}</p>
            <CopyField label={t("profile.secret")} text={profile.agent_secret} shown={MASK} />
          </section>
        </Changing>
      </div>
    </>
  );
}

interface Values {
  readonly username: string;
  readonly password: string;
  readonly current: string;
  readonly reject: boolean;
}

/** Name and password change together and end all sessions (spec 10 section 11.6): the page then asks to sign in again. */
function Account({ profile }: { readonly profile: Profile }) {
  const { t } = useFormats();
  const save = useWrite((api, body: ProfileUpdateInput) => api.post("/profile", body), []);
  const form = useForm<Values>({
    stored: { username: profile.username, password: "", current: "", reject: profile.reject_password === true },
    source: undefined,
    spellings: SPELLINGS,
    labels: { username: t("login.user"), password: t("profile.newPassword"), current: t("profile.current"), reject: t("profile.reject") },
    // The current password is asked for each time.
    fresh: true,
    check: (values) => ({
      username: values.username === "" ? t("form.required") : undefined,
      current: values.current === "" ? t("profile.currentNeeded") : undefined,
      password: values.password !== "" && !fitsLength(values.password) ? t("users.passwordLength", PASSWORD_LENGTH) : undefined,
    }),
    save: async ({ username, password, current, reject }) => {
      // The dashboard replaces the password with what is sent: without a new one the current one is sent again.
      await save.mutateAsync({
        original_password: current,
        new_username: username,
        new_password: password === "" ? current : password,
        reject_password: reject,
        refuse_common: true,
      });
      location.assign(`${import.meta.env.BASE_URL}login`);
    },
  });
  const { values, errors, set } = form;
  const linked = Object.keys(profile.oauth2_bind ?? {}).length > 0;
  return (
    <Card className="p-5">
      <form className="grid gap-4" onSubmit={form.submit}>
        <h2 className="text-lg">{t("profile.account")}</h2>
        <TextField
          label={t("login.user")}
          autoComplete="username"
          value={values.username}
          error={errors.username}
          onChange={(event) => set({ username: event.target.value })}
        />
        <PasswordInput
          label={t("profile.newPassword")}
          help={t("profile.newHelp")}
          value={values.password}
          error={errors.password}
          onChange={(password) => set({ password })}
        />
        <PasswordInput
          label={t("profile.current")}
          help={t("profile.currentHelp")}
          current
          value={values.current}
          error={errors.current}
          onChange={(current) => set({ current })}
        />
        <SwitchField
          label={t("profile.reject")}
          help={linked ? t("profile.rejectHelp") : t("profile.rejectLocked")}
          checked={values.reject}
          disabled={!linked}
          onChange={(reject) => set({ reject })}
        />
        <FormBar form={form.bar} />
      </form>
    </Card>
  );
}

function LinkedLogins({ profile }: { readonly profile: Profile }) {
  const { t } = useFormats();
  const { api } = useApp();
  const providers = useSetting()?.config.oauth2_providers ?? [];
  const [error, setError] = useState<string | undefined>();
  const unlink = useWrite((client, name: string) => client.post(`/oauth2/${encodeURIComponent(name)}/unbind`), ["/profile"]);
  if (providers.length === 0) return null;
  const attempt = async (run: () => Promise<unknown>) => {
    setError(undefined);
    try {
      await run();
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  };
  const link = async (name: string) => {
    const { redirect } = await api.get<OAuth2Start>(`/oauth2/${encodeURIComponent(name)}`, { query: { type: 2 } });
    location.assign(redirect);
  };
  return (
    <section className="grid gap-3">
      <h2 className="text-lg">{t("profile.linked")}</h2>
      {error === undefined ? null : (
        <Note state="critical" alert>
          {error}
        </Note>
      )}
      <ul className="wf-card">
        {providers.map((name) => {
          const bound = profile.oauth2_bind?.[name.toLowerCase()];
          return (
            <li key={name} className="flex items-center gap-3 border-b border-line px-4 py-2 last:border-0">
              <b>{name}</b>
              <span className="min-w-0 flex-1 truncate text-sm text-ink-3">{bound === undefined ? t("profile.notLinked") : bound}</span>
              {bound === undefined ? (
                <Button size="small" onClick={() => void attempt(() => link(name))}>
                  {t("profile.link")}
                </Button>
              ) : (
                <Button size="small" kind="quiet" onClick={() => void attempt(() => unlink.mutateAsync(name))}>
                  {t("profile.unlink")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
