import { useFormats } from "#lib/formats.ts";
import { useApp } from "./app-context.tsx";
import { usePublicSite } from "./public-data.tsx";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { isSignedOut } from "#wire/api-error.ts";
import { SHARE_ENDED } from "#wire/share.ts";

/** A site that shows nothing to guests asks for a sign-in; any other failure says what it is. */
export function SignInCard({ error }: { readonly error: Error }) {
  const { t } = useFormats();
  const site = usePublicSite();
  const { live } = useApp();
  const retry = () => {
    void site.groups.refresh();
    void site.services.refresh();
    live.socket.reconnect();
  };
  if (error.message === SHARE_ENDED)
    return (
      <div className="pt-16">
        <EmptyState first title={t("share.title")}>
          {t("share.ended")}
        </EmptyState>
      </div>
    );
  return (
    <div className="pt-16">
      {isSignedOut(error) ? (
        <EmptyState
          first
          title={t("private.title")}
          action={
            <a href="/dashboard/login" className="wf-btn" data-kind="primary">
              {t("nav.signIn")}
            </a>
          }
        >
          {t("private.help")}
        </EmptyState>
      ) : (
        <EmptyState first title={t("error.unreachable")} action={<Button onClick={retry}>{t("action.retry")}</Button>}>
          {error.message}
        </EmptyState>
      )}
    </div>
  );
}
