import { Link } from "@tanstack/react-router";
import { Keyboard, LogOut, UserRound } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { Menu } from "#ui/menu.tsx";
import { useApp } from "../app-context.tsx";
import { ENTRY } from "./page-link.tsx";
import { useRead } from "./queries.ts";
import { signOut } from "./sign-out.ts";

/** Who is signed in: the profile, and the way out. */
export function AccountMenu({ onKeyList }: { readonly onKeyList?: () => void }) {
  const { t } = useFormats();
  const profile = useRead<{ username: string }>("/profile").data;
  const app = useApp();
  const [error, setError] = useState<string | undefined>();
  const leave = () => signOut(app.api).catch((failure: unknown) => setError(String(failure)));
  return (
    <>
      <Menu
        label={t("nav.account")}
        button={(trigger) => (
          <button type="button" {...trigger} className={`${ENTRY} w-full text-start`}>
            <span
              className="grid size-5 flex-none place-items-center rounded-full bg-maint-soft text-2xs font-strong text-maint-text"
              aria-hidden="true"
            >
              {profile?.username.charAt(0).toUpperCase()}
            </span>
            <span className="truncate">{profile?.username}</span>
          </button>
        )}
      >
        <Link to="/profile">
          <UserRound className="size-4" aria-hidden="true" />
          {t("nav.profile")}
        </Link>
        {onKeyList === undefined ? null : (
          <button type="button" onClick={onKeyList}>
            <Keyboard className="size-4" aria-hidden="true" />
            {t("keys.doList")}
            <kbd className="ms-auto text-2xs text-ink-3">?</kbd>
          </button>
        )}
        <hr />
        <button type="button" onClick={() => void leave()}>
          <LogOut className="size-4" aria-hidden="true" />
          {t("nav.signOut")}
        </button>
      </Menu>
      {error === undefined ? null : (
        <p role="alert" className="px-2 text-sm text-crit-text">
          {error}
        </p>
      )}
    </>
  );
}
