import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { Dialog } from "#ui/dialog.tsx";
import { isSignedOut } from "#wire/api-error.ts";
import { SignInForm } from "./sign-in-form.tsx";

/** When the session ends the page stays as it is: signing in goes on over it, and filled forms are kept. */
export function SessionDialog() {
  const { t } = useFormats();
  const client = useQueryClient();
  const [ended, setEnded] = useState(false);
  useEffect(() => {
    const notice = (error: unknown) => (isSignedOut(error) ? setEnded(true) : undefined);
    const queries = client
      .getQueryCache()
      .subscribe((event) => (event.type === "updated" && event.action.type === "error" ? notice(event.action.error) : undefined));
    const writes = client
      .getMutationCache()
      .subscribe((event) => (event.type === "updated" && event.action.type === "error" ? notice(event.action.error) : undefined));
    return () => {
      queries();
      writes();
    };
  }, [client]);
  if (!ended) return null;
  const done = () => {
    setEnded(false);
    void client.invalidateQueries();
  };
  return (
    <Dialog title={t("session.ended")} onClose={() => location.reload()}>
      <p className="text-ink-2">{t("session.help")}</p>
      <SignInForm onDone={done} />
    </Dialog>
  );
}
