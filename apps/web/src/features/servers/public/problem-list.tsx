import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { Link } from "#shell/public-link.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import type { LiveRecord } from "#wire/live-record.ts";
import { healthOf, LIMIT_VALUES, troublesOf } from "../shared/health.ts";
import { healthWord } from "../shared/health-words.ts";

const MOST_SHOWN = 50;

/** Who needs somebody, and why. */
export function ProblemList({ records }: { readonly records: readonly LiveRecord[] }) {
  const { t, number } = useFormats();
  return (
    <section aria-labelledby="problems" className="wf-card min-w-0 py-3">
      <h2 id="problems" className="flex items-baseline gap-2 px-4 pb-1 text-sm">
        {t("list.problems")} <span className="text-xs font-normal text-ink-3">{number.count(records.length)}</span>
      </h2>
      <ul>
        {records.slice(0, MOST_SHOWN).map((record) => (
          <li key={record.id}>
            <Link
              to={`/server/${record.id}`}
              className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5 px-4 py-1.5 text-sm text-ink hover:bg-hover hover:no-underline"
            >
              <StateIcon state={healthOf(record)} label={healthWord(t, healthOf(record))} className="mt-0.75" />
              <span className="truncate font-medium">{record.name}</span>
              <span className="col-start-2 truncate text-xs text-ink-2 tabular-nums">
                <ProblemReason record={record} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {records.length > MOST_SHOWN ? <p className="px-4 pt-1 text-sm text-ink-2">+{number.count(records.length - MOST_SHOWN)}</p> : null}
    </section>
  );
}

/** What is wrong with a server, in a few words. */
export function ProblemReason({ record }: { readonly record: LiveRecord }) {
  const { t, number, time } = useFormats();
  const { store } = useApp().live;
  const health = healthOf(record);
  const [trouble] = troublesOf(record);
  if (health === "offline" && record.lastSeen !== undefined) {
    return t("server.offlineFor", { time: time.duration(store.serverNow() - record.lastSeen) });
  }
  if (trouble === undefined) return healthWord(t, health);
  const value = trouble.value === undefined ? "–" : number.percent(trouble.value, LIMIT_VALUES);
  return t("server.trouble", { what: t(`metric.${trouble.figure}`), value });
}
