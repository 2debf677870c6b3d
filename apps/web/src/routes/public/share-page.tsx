import type { OpenedShareLink } from "@windfire/api";
import type { FormEvent } from "react";
import { useEffect, useRef, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { useTitle } from "#shell/public-shell.tsx";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { TextField } from "#ui/field.tsx";
import { SHARE_ASKS_PASSWORD, SHARE_ENDED } from "#wire/share.ts";

/** Opens the link whose secret stands behind `#`, which browsers send nowhere; then the site goes on as what the link shows. */
export function SharePage() {
  const { t } = useFormats();
  const { api, share } = useApp();
  const [asks, setAsks] = useState(false);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const began = useRef(false);
  useTitle(t("share.title"));
  const open = async (password: string) => {
    setBusy(true);
    setError(undefined);
    try {
      const opened = await api.post<OpenedShareLink>("/share-link/open", { secret: location.hash.slice(1), password });
      share.choose({ id: opened.id, name: opened.name });
      location.replace(opened.start);
      return;
    } catch (failure) {
      const message = failure instanceof Error ? failure.message : String(failure);
      if (message === SHARE_ASKS_PASSWORD) setAsks(true);
      else setError(message);
    }
    setBusy(false);
  };
  useEffect(() => {
    if (began.current) return;
    began.current = true;
    share.leave();
    void open("");
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get("password");
    void open(typeof password === "string" ? password : "");
  };
  return (
    <main id="main" className="mx-auto grid min-h-dvh max-w-md content-center gap-4 px-4">
      {error === SHARE_ENDED ? (
        <EmptyState first title={t("share.title")}>
          {t("share.ended")}
        </EmptyState>
      ) : asks ? (
        <form className="wf-card grid gap-4 p-6" onSubmit={submit}>
          <h1 className="text-lg">{t("share.title")}</h1>
          <TextField
            label={t("share.password")}
            help={t("share.help")}
            type="password"
            name="password"
            autoComplete="off"
            required
            autoFocus
          />
          {error === undefined ? null : (
            <Note state="critical" alert>
              {error}
            </Note>
          )}
          <Button kind="primary" type="submit" disabled={busy}>
            {t("share.open")}
          </Button>
        </form>
      ) : error === undefined ? (
        <p role="status" className="text-center text-ink-2">
          {t("share.opening")}
        </p>
      ) : (
        <Note state="critical" alert>
          {error}
        </Note>
      )}
    </main>
  );
}
