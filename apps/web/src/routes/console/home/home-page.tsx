import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useMay } from "#shell/console/rights.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { useRows } from "#features/servers/console/server-rows.ts";
import type { ServerRow } from "#features/servers/console/server-rows.ts";
import { isProblem } from "#features/servers/shared/health.ts";
import { AttentionList, Quieted } from "./attention-list.tsx";
import { EndingSoon } from "./ending-soon.tsx";
import { FirstSteps, isNew } from "./first-steps.tsx";
import { LastDay } from "./last-day.tsx";
import { LastIncident } from "./last-incident.tsx";
import { RecentChanges } from "./recent-changes.tsx";
import { useAttention } from "./use-attention.ts";
import type { Attention } from "./use-attention.ts";

/** What needs attention, first; then what will soon, how the last day went and what people changed. */
export function Page() {
  const { t } = useFormats();
  const { store } = useApp().live;
  const { rows, loading } = useRows();
  const now = store.serverNow();
  const attention = useAttention(rows, now);
  const mayChange = useMay("change");
  const administers = useMay("administer");
  return (
    <>
      <PageBar title={t("nav.home")} />
      {loading ? (
        <Skeleton className="h-40 w-full" />
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)_20.5rem] items-start gap-6 max-lg:grid-cols-[minmax(0,1fr)]">
          <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
            {isNew(rows) && mayChange ? <FirstSteps rows={rows} /> : null}
            {rows.length > 0 ? <Headline rows={rows} attention={attention} /> : mayChange ? null : <NothingOpened />}
            {attention.count === 0 ? <Calm quieted={attention.quieted} /> : <AttentionList attention={attention} />}
            {rows.length > 0 ? <LastDay now={now} /> : null}
          </div>
          <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
            <EndingSoon now={now} />
            {administers ? <RecentChanges now={now} /> : null}
          </div>
        </div>
      )}
    </>
  );
}

function Headline({ rows, attention }: { readonly rows: readonly ServerRow[]; readonly attention: Attention }) {
  const { t, number } = useFormats();
  const { count, allServices } = attention;
  const waiting = rows.filter((row) => row.health === "waiting").length;
  const troubled = rows.filter((row) => isProblem(row.health)).length;
  const up = allServices.filter(({ state }) => state === "up").length;
  const judged = allServices.filter(({ state }) => state !== "waiting").length;
  const fine = {
    servers: number.count(rows.length - troubled - waiting),
    total: number.count(rows.length),
    up,
    services: judged,
  };
  const quiet = waiting === 0 ? t("home.allWell") : t("home.waiting", { count: waiting });
  return (
    <div>
      <h2 className="text-2xl tracking-tight">{count === 0 ? quiet : t("home.attention", { count })}</h2>
      <p className="mt-1 text-ink-2">{judged === 0 ? t("home.fine", fine) : t("home.fineServices", fine)}</p>
    </div>
  );
}

function Calm({ quieted }: { readonly quieted: number }) {
  return (
    <>
      <Quieted count={quieted} />
      <LastIncident />
    </>
  );
}

/** For those who only read: nobody has said yet what. */
function NothingOpened() {
  const { t } = useFormats();
  return (
    <EmptyState title={t("servers.none")}>
      {t("home.forViewer")} {t("servers.noneForViewer")}
    </EmptyState>
  );
}
