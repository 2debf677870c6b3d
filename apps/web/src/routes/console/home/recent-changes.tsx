import type { AuditLine, AuditPage } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import { ActorName } from "#features/audit/console/actor-name.tsx";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useList, useRead, useServerRows } from "#shell/console/queries.ts";
import { changeWords, isChange } from "./change-words.ts";

const SLOW = { everyMs: 60_000 };
/** Looked at to find as many as are shown. */
const LOOKED_AT = 60;
const SHOWN = 6;

/** What people changed last; the log is for administrators. */
export function RecentChanges({ now }: { readonly now: number }) {
  const { t } = useFormats();
  const nameOf = useNames();
  const lines = (useRead<AuditPage>("/audit", { limit: LOOKED_AT }, SLOW).data?.lines ?? []).filter(isChange).slice(0, SHOWN);
  if (lines.length === 0) return null;
  return (
    <section aria-labelledby="home-recent-changes">
      <div className="mb-2 flex items-baseline justify-between gap-3 text-sm">
        <h2 id="home-recent-changes" className="font-medium text-ink-2">
          {t("home.changes")}
        </h2>
        <Link to="/audit">{t("nav.audit")}</Link>
      </div>
      <ul className="wf-card text-sm">
        {lines.map((line) => (
          <Change key={line.id} line={line} now={now} nameOf={nameOf} />
        ))}
      </ul>
    </section>
  );
}

function Change({ line, now, nameOf }: { readonly line: AuditLine; readonly now: number; readonly nameOf: ReturnType<typeof useNames> }) {
  const { t, time } = useFormats();
  const at = parseTime(line.at) ?? 0;
  const { kind, verb, name } = changeWords(line, nameOf);
  const what = kind === undefined || verb === undefined ? line.action : `${t(kind)}: ${t(`home.did.${verb}`)}`;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-0.5 border-b border-line px-4 py-2 last:border-0">
      <span className="flex items-center justify-between gap-3">
        <Link to="/audit" search={{ open: String(line.id) }} className="min-w-0 truncate font-medium text-ink">
          {name === "" ? line.action : name}
        </Link>
        <time dateTime={line.at} title={time.full(at)} className="shrink-0 text-xs text-ink-3 tabular-nums">
          {time.moment(at, now)}
        </time>
      </span>
      <span className="flex min-w-0 flex-wrap items-center gap-x-2 text-xs text-ink-3">
        <ActorName line={line} />
        <span className="wrap-anywhere">{what}</span>
      </span>
    </li>
  );
}

/** Names of the rows that are changed most. */
function useNames(): (kind: string, key: string) => string | undefined {
  const servers = useServerRows().rows;
  const services = useList("/service/list").rows;
  const crons = useList("/cron").rows;
  const rules = useList("/alert-rule").rows;
  const rows: Readonly<Record<string, readonly { readonly id: number; readonly name: string }[]>> = {
    server: servers,
    service: services,
    cron: crons,
    "alert-rule": rules,
  };
  return (kind, key) => rows[kind]?.find(({ id }) => String(id) === key)?.name;
}
