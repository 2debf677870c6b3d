import type { AgentChange } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useRead } from "#shell/console/queries.ts";
import { Note } from "#ui/banner.tsx";
import { Skeleton } from "#ui/skeleton.tsx";

const MOST_SHOWN = 50;

/** When the agent of a server had another version or another address. */
export function AgentChanges({ serverId, days }: { readonly serverId: number; readonly days: string }) {
  const { t, time } = useFormats();
  const { data, error } = useRead<AgentChange[]>(`/server/${serverId}/agent-changes`, { days });
  return (
    <section className="grid gap-2">
      <h3 className="text-sm font-strong text-ink-2">{t("availability.agent")}</h3>
      {error === null ? null : <Note state="critical">{error.message}</Note>}
      {data === undefined && error === null ? <Skeleton className="h-10 w-full" /> : null}
      {data?.length === 0 ? <p className="text-sm text-ink-2">{t("availability.same")}</p> : null}
      {data === undefined || data.length === 0 ? null : (
        <ul className="wf-card text-sm">
          {data.slice(0, MOST_SHOWN).map(({ at, what, from, to }) => {
            const when = parseTime(at) ?? 0;
            return (
              <li
                key={`${at} ${what}`}
                className="flex flex-wrap items-baseline justify-between gap-x-3 border-b border-line px-4 py-2 last:border-0"
              >
                <span title={time.full(when)}>{time.dateTime(when)}</span>
                <span className="text-ink-2 wrap-anywhere">
                  {what === "version" ? t("availability.version", { from, to }) : t("availability.address", { from, to })}
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {data !== undefined && data.length > MOST_SHOWN ? (
        <p className="text-sm text-ink-3">{t("dialog.more", { count: data.length - MOST_SHOWN })}</p>
      ) : null}
    </section>
  );
}
