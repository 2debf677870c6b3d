import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { usePublicSite } from "#shell/public-data.tsx";
import { useResource } from "#shell/resource-hook.ts";
import { SHARE_ENDED } from "#wire/share.ts";

/** Says that a share link is what is looked through, and lets go of it. */
export function ShareBanner() {
  const { t } = useFormats();
  const { share } = useApp();
  const { error } = useResource(usePublicSite().groups);
  const view = share.current();
  if (view === undefined) return null;
  const ended = error?.message === SHARE_ENDED;
  const leave = () => {
    share.leave();
    location.assign("/");
  };
  return (
    <aside
      aria-label={t("share.title")}
      className="flex flex-wrap items-center justify-center gap-x-4 gap-y-1 border-b border-line bg-sunken px-4 py-1.5 text-sm text-ink-2 print:hidden"
    >
      <span role="status" className={ended ? "" : "min-w-0 truncate"}>
        {ended ? t("share.ended") : t("share.banner", { name: view.name === "" ? `#${view.id}` : view.name })}
      </span>
      <button type="button" className="font-medium text-ink underline" onClick={leave}>
        {t("share.leave")}
      </button>
    </aside>
  );
}
