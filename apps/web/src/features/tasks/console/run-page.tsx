import type { CronRunDetail } from "@windfire/api";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useRead, useServerRows } from "#shell/console/queries.ts";
import { useSearchState } from "#shell/navigation.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { Fact } from "#ui/fact.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { CancelRunDialog } from "./cancel-run-dialog.tsx";
import { OutputDrawer } from "./output-drawer.tsx";
import { RunResults } from "./run-results.tsx";
import { RunCount, RunState } from "./run-words.tsx";
import { TaskTabs } from "./task-tabs.tsx";

const EVERY_MS = 3_000;

/** One run: on which servers, with what result; `?output=` shows what a server printed. */
export function Page() {
  const { t } = useFormats();
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const { data, error } = useRead<CronRunDetail>(`/cron-run/${id}`, undefined, { everyMs: EVERY_MS });
  return (
    <>
      <PageBar title={data === undefined ? t("nav.runs") : data.cron_name} />
      <TaskTabs />
      {data !== undefined ? (
        <Run run={data} />
      ) : error === null ? (
        <Skeleton className="h-60 w-full" />
      ) : (
        <EmptyState
          title={t("runs.missing")}
          action={
            <Link to="/cron-run" className="wf-btn">
              {t("nav.runs")}
            </Link>
          }
        >
          {error.message}
        </EmptyState>
      )}
    </>
  );
}

function Run({ run }: { readonly run: CronRunDetail }) {
  const { t } = useFormats();
  const [search, change] = useSearchState();
  const [cancelling, setCancelling] = useState<readonly number[]>();
  const waiting = run.results.filter(({ state }) => state === "running").map(({ server_id }) => server_id);
  const opened = run.results.find(({ server_id }) => String(server_id) === search["output"]);
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-4">
        <Facts run={run} />
        {waiting.length === 0 ? null : (
          <Button onClick={() => setCancelling(waiting)}>{t("runs.cancelAll", { count: waiting.length })}</Button>
        )}
      </div>
      {run.state === "empty" ? <Note state="waiting">{t("runs.emptyHelp")}</Note> : null}
      {run.missed === undefined ? null : <Note state="warn">{t("runs.missedHelp")}</Note>}
      {run.results.length === 0 ? null : <RunResults run={run} openId={opened?.server_id} onCancel={(server) => setCancelling([server])} />}
      {cancelling === undefined ? null : <CancelRunDialog run={run} servers={cancelling} onClose={() => setCancelling(undefined)} />}
      {opened === undefined ? null : <OutputDrawer run={run} result={opened} onClose={() => change({ output: "" })} />}
    </>
  );
}

function Facts({ run }: { readonly run: CronRunDetail }) {
  const { t, time } = useFormats();
  const servers = useServerRows().rows;
  const started = parseTime(run.started_at) ?? 0;
  const ended = parseTime(run.ended_at);
  const trigger = run.trigger_server_id;
  return (
    <dl className="wf-facts min-w-0">
      <Fact label={t("runs.task")}>
        <Link to="/cron" search={{ edit: String(run.cron_id) }}>
          {run.cron_name}
        </Link>
      </Fact>
      <Fact label={t("column.state")}>
        <span className="inline-flex flex-wrap items-center gap-2">
          <RunState state={run.state} />
          <RunCount run={run} />
        </span>
      </Fact>
      <Fact label={t("runs.cause")}>{run.by === undefined ? t(`runs.causes.${run.cause}`) : t("runs.byHand", { name: run.by })}</Fact>
      {trigger === undefined || trigger === 0 ? null : (
        <Fact label={t("column.server")}>
          <Link to="/servers" search={{ s: String(trigger) }}>
            {servers.find(({ id }) => id === trigger)?.name ?? `#${trigger}`}
          </Link>
        </Fact>
      )}
      <Fact label={t("runs.started")}>
        <span title={time.full(started)}>{time.dateTime(started)}</span>
      </Fact>
      {ended === undefined ? null : (
        <Fact label={t("incident.ended")}>
          <span title={time.full(ended)}>{time.dateTime(ended)}</span>
        </Fact>
      )}
    </dl>
  );
}
