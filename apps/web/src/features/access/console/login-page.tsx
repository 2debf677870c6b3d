import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { OAuth2Start, Profile } from "@windfire/api";
import { useCallback, useEffect, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { SignInForm } from "#shell/console/sign-in-form.tsx";
import { useApp } from "#shell/app-context.tsx";
import { LanguageMenu, ThemeMenu } from "#shell/appearance-menus.tsx";
import { Brand } from "#shell/brand.tsx";
import { read, useSetting } from "#shell/console/queries.ts";
import { useTabTitle } from "#shell/tab-title.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { safeNext, statusPageIn } from "./safe-next.ts";

/** Sign-in. Returning from a provider (`?oauth2=true`) goes on without asking anything. */
export function LoginPage() {
  const { t } = useFormats();
  const { api } = useApp();
  const search: { next?: string; oauth2?: string; error?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  const client = useQueryClient();
  const setting = useSetting();
  const site = setting?.config.site_name || "Windfire";
  useTabTitle(t("login.title"), site);
  const { next, oauth2 } = search;
  const enter = useCallback(async () => {
    const page = statusPageIn(next);
    if (page !== undefined) return location.replace(page);
    client.removeQueries({ queryKey: ["/profile"] });
    await client.fetchQuery(read<Profile>(api, "/profile"));
    await client.invalidateQueries();
    await navigate({ href: safeNext(next), replace: true });
  }, [api, client, navigate, next]);
  useEffect(() => {
    if (oauth2 !== undefined) enter().catch(() => void navigate({ to: "/login", replace: true }));
  }, [oauth2, enter, navigate]);
  return (
    <div className="grid min-h-dvh grid-rows-[1fr_auto]">
      <main id="main" className="grid place-items-center px-4 py-8">
        <div className="grid w-[min(23.5rem,100%)] gap-5">
          <a href="/" className="flex items-center gap-2 text-xl font-strong text-ink hover:no-underline">
            <Brand name={site} large />
          </a>
          <div className="wf-card grid gap-4 p-6">
            <h1 className="text-xl">{t("login.title")}</h1>
            {search.error === undefined ? null : (
              <Note state="critical" alert>
                {search.error}
              </Note>
            )}
            <Providers names={setting?.config.oauth2_providers ?? []} />
            <SignInForm onDone={() => void enter()} />
          </div>
        </div>
      </main>
      <footer className="flex flex-wrap items-center justify-center gap-4 p-4 text-sm">
        <a href="/">{t("login.public")}</a>
        <span className="flex">
          <LanguageMenu />
          <ThemeMenu />
        </span>
      </footer>
    </div>
  );
}

function Providers({ names }: { readonly names: readonly string[] }) {
  const { t } = useFormats();
  const { api } = useApp();
  const [error, setError] = useState<string | undefined>();
  if (names.length === 0) return null;
  const go = async (name: string) => {
    try {
      const { redirect } = await api.get<OAuth2Start>(`/oauth2/${encodeURIComponent(name)}`, { query: { type: 1 } });
      location.assign(redirect);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  };
  return (
    <>
      {error === undefined ? null : (
        <Note state="critical" alert>
          {error}
        </Note>
      )}
      <div className="grid grid-cols-[repeat(auto-fit,minmax(8rem,1fr))] gap-2">
        {names.map((name) => (
          <Button key={name} onClick={() => void go(name)}>
            {name}
          </Button>
        ))}
      </div>
      <p className="flex items-center gap-3 text-sm text-ink-3 before:h-px before:flex-1 before:bg-line-2 after:h-px after:flex-1 after:bg-line-2">
        {t("login.or")}
      </p>
    </>
  );
}
