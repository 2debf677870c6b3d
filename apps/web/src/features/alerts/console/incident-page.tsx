import type { IncidentDetail } from "@windfire/api";
import { Link, useParams } from "@tanstack/react-router";
import { TellReaders } from "#features/status-pages/console/tell-readers.tsx";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useRead } from "#shell/console/queries.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import { Fact } from "#ui/fact.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import { AlertTabs } from "./alert-tabs.tsx";
import { IncidentActions, IncidentDialogs } from "./incident-actions.tsx";
import { IncidentMessages } from "./incident-messages.tsx";
import { IncidentSamplesSection } from "./incident-samples.tsx";
import { IncidentTimeline } from "./incident-timeline.tsx";
import { heldText, incidentName, incidentShape, SeverityChip } from "./incident-words.tsx";

const EVERY_MS = 10_000;

/** One incident: what, since when, what happened, who was told. Messages link here. */
export function Page() {
  const { t } = useFormats();
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const { data, error } = useRead<IncidentDetail>(`/incident/${id}`, undefined, { everyMs: EVERY_MS });
  return (
    <>
      <PageBar title={data === undefined ? t("nav.alerts") : incidentName(t, data)} />
      <AlertTabs />
      {data !== undefined ? (
        <Incident incident={data} />
      ) : error === null ? (
        <Skeleton className="h-60 w-full" />
      ) : (
        <EmptyState
          title={t("incident.missing")}
          action={
            <Link to="/incident" className="wf-btn">
              {t("nav.alerts")}
            </Link>
          }
        >
          {error.message}
        </EmptyState>
      )}
    </>
  );
}

function Incident({ incident }: { readonly incident: IncidentDetail }) {
  const { t, time } = useFormats();
  const opened = parseTime(incident.opened_at) ?? 0;
  const ended = parseTime(incident.ended_at);
  return (
    <div className="grid max-w-240 grid-cols-[minmax(0,1fr)] gap-6">
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div className="min-w-0">
          <h2 className="flex items-start gap-2.5 text-2xl tracking-tight wrap-anywhere">
            <StateIcon state={incidentShape(incident)} className="mt-1.5 size-5!" />
            {ended === undefined
              ? t("incident.openFor", { time: time.duration(Date.now() - opened) })
              : t("incident.lasted", { time: time.duration(ended - opened) })}
          </h2>
          {incident.value === undefined || incident.limit === undefined ? null : (
            <p className="mt-1">{t("incident.values", { value: incident.value, limit: incident.limit })}</p>
          )}
          {incident.source === "service" && incident.text !== undefined ? <p className="mt-1 wrap-anywhere">{incident.text}</p> : null}
          {incident.held === undefined || ended !== undefined ? null : <p className="mt-1 text-ink-2">{heldText(t, incident.held)}</p>}
        </div>
        {ended === undefined ? (
          <div className="flex flex-wrap gap-2">
            <IncidentActions incident={incident} />
            <TellReaders incidentId={incident.id} />
          </div>
        ) : null}
      </div>
      <Facts incident={incident} />
      <IncidentSamplesSection incident={incident} />
      <IncidentTimeline incident={incident} />
      <IncidentMessages messages={incident.messages} />
      <IncidentDialogs incidents={[incident]} />
    </div>
  );
}

function Facts({ incident }: { readonly incident: IncidentDetail }) {
  const { t, time } = useFormats();
  const { source, source_id, server_id } = incident;
  const opened = parseTime(incident.opened_at) ?? 0;
  const ended = parseTime(incident.ended_at);
  const seen = parseTime(incident.acknowledged_at);
  return (
    <dl className="wf-facts wf-card p-4">
      <Fact label={t("incident.severity")}>
        <SeverityChip severity={incident.severity} />
      </Fact>
      <Fact label={t(source === "alert" ? "snooze.scopes.rule" : "snooze.scopes.service")}>
        <Link to={source === "alert" ? "/alert-rule" : "/service"} search={{ edit: String(source_id) }}>
          {incident.title}
        </Link>
      </Fact>
      {server_id === 0 ? null : (
        <Fact label={t("snooze.scopes.server")}>
          <Link to="/servers" search={{ s: String(server_id) }}>
            {incident.server_name}
          </Link>
        </Fact>
      )}
      <Parent parent={incident.parent} />
      <Fact label={t("servers.charts")}>
        <a href={server_id === 0 ? `/service/${source_id}` : `/server/${server_id}`}>{t("servers.openPublic")}</a>
      </Fact>
      <Fact label={t("incident.opened")}>
        <span title={time.full(opened)}>{time.dateTime(opened)}</span>
      </Fact>
      {ended === undefined ? null : (
        <Fact label={t("incident.ended")}>
          <span title={time.full(ended)}>{time.dateTime(ended)}</span>
        </Fact>
      )}
      {seen === undefined ? null : (
        <Fact label={t("incident.acknowledged")}>
          <span title={time.full(seen)}>{t("incident.byAt", { name: incident.acknowledged_by, time: time.dateTime(seen) })}</span>
        </Fact>
      )}
      {(incident.note ?? "") === "" ? null : (
        <Fact label={t("incident.note")}>
          <span className="whitespace-pre-wrap">{incident.note}</span>
        </Fact>
      )}
    </dl>
  );
}

/** What it is reached through, and how that is now. */
function Parent({ parent }: Pick<IncidentDetail, "parent">) {
  const { t } = useFormats();
  if (parent === undefined) return null;
  const place =
    parent.kind === "server"
      ? { to: "/servers", search: { s: String(parent.id) } }
      : { to: "/service", search: { edit: String(parent.id) } };
  return (
    <Fact label={t("through.label")}>
      <Link {...place}>{parent.name}</Link> <span className="text-ink-2">{t(`incident.parentState.${parent.state}`)}</span>
    </Fact>
  );
}
