import type { SeenHost } from "@windfire/api";
import { X } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useWrite } from "#shell/console/queries.ts";
import { IconButton } from "#ui/button.tsx";

/** Names under which sessions and agents came in: tunnels cannot take them until they are removed here (spec 11 section 11). */
export function SeenHosts({ hosts }: { readonly hosts: readonly SeenHost[] }) {
  const { t, time } = useFormats();
  const remove = useWrite((api, names: readonly string[]) => api.post("/batch-delete/seen-host", names), ["/setting"]);
  const said = (text: string | undefined) => {
    const at = parseTime(text);
    return at === undefined ? t("settings.seen.never") : time.ago(at, Date.now());
  };
  return (
    <section className="grid gap-2">
      <h2 className="font-medium">{t("settings.seen.title")}</h2>
      <p className="text-sm text-ink-3">{t("settings.seen.help")}</p>
      {hosts.length === 0 ? <p className="text-sm text-ink-2">{t("settings.seen.none")}</p> : null}
      {hosts.length === 0 ? null : (
        <ul className="wf-card">
          {hosts.map(({ host, session_at: session, agent_at: agent }) => (
            <li key={host} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2 text-sm last:border-0">
              <b className="min-w-0 flex-1 truncate font-mono text-xs">{host}</b>
              <span className="text-ink-2">
                {t("settings.seen.session")}: {said(session)}
              </span>
              <span className="text-ink-2">
                {t("settings.seen.agent")}: {said(agent)}
              </span>
              <IconButton
                label={t("settings.seen.remove", { name: host })}
                disabled={remove.isPending}
                onClick={() => remove.mutate([host])}
              >
                <X className="size-4" aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      {remove.error === null ? null : (
        <p role="alert" className="text-sm text-crit-text">
          {remove.error.message}
        </p>
      )}
    </section>
  );
}
