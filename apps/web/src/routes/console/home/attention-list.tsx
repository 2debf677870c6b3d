import { Link } from "@tanstack/react-router";
import { IncidentDialogs } from "#features/alerts/console/incident-actions.tsx";
import { IncidentItem } from "#features/alerts/console/incident-item.tsx";
import type { ServerRow } from "#features/servers/console/server-rows.ts";
import { troubleText } from "#features/servers/shared/health-words.ts";
import type { ServiceItem } from "#features/services/shared/service-model.ts";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { StatusItem } from "#shell/console/status-item.tsx";
import type { Attention } from "./use-attention.ts";

const MOST_ROWS = 12;

/** What needs attention, worst kinds first; what is more than a screen has its own page. */
export function AttentionList({ attention }: { readonly attention: Attention }) {
  const { incidents, servers, services, tasks, quieted } = attention;
  return (
    <>
      <ul className="wf-card">
        {incidents.slice(0, MOST_ROWS).map((incident) => (
          <IncidentItem key={incident.id} incident={incident} />
        ))}
        {servers.slice(0, MOST_ROWS).map((row) => (
          <TroubledServer key={row.server.id} row={row} />
        ))}
        {services.slice(0, MOST_ROWS).map((service) => (
          <FailingService key={service.id} service={service} />
        ))}
        <Deliveries attention={attention} />
        <FailedBackup error={attention.backupError} />
        <MissedStarts attention={attention} />
        {tasks.slice(0, MOST_ROWS).map((task) => (
          <FailedTask key={task.id} id={task.id} name={task.name} />
        ))}
        <Outdated attention={attention} />
      </ul>
      <Quieted count={quieted} />
      <IncidentDialogs incidents={incidents} />
    </>
  );
}

/** How many incidents last that somebody knows of already. */
export function Quieted({ count }: { readonly count: number }) {
  const { t } = useFormats();
  if (count === 0) return null;
  return (
    <Link to="/incident" className="justify-self-start text-sm">
      {t("home.quieted", { count })}
    </Link>
  );
}

function TroubledServer({ row }: { readonly row: ServerRow }) {
  const formats = useFormats();
  const { t, time } = formats;
  const { store } = useApp().live;
  const { server, live, health } = row;
  const seen = live?.lastSeen;
  const offline =
    seen === undefined
      ? t("server.offlineHelp")
      : `${t("server.offlineFor", { time: time.duration(store.serverNow() - seen) })} ${t("server.offlineHelp")}`;
  return (
    <StatusItem
      state={health}
      title={health === "offline" ? t("home.offline", { name: server.name }) : t("home.trouble", { name: server.name })}
      action={<Open to="/servers" search={{ s: String(server.id) }} />}
    >
      {health === "offline" || live === undefined ? offline : troubleText(formats, live)}
    </StatusItem>
  );
}

function FailingService({ service }: { readonly service: ServiceItem }) {
  const { t } = useFormats();
  return (
    <StatusItem
      state={service.state}
      title={t("home.service", { name: service.name })}
      action={<Open to="/service" search={{ edit: String(service.id) }} />}
    >
      {service.state === "critical" ? t("home.serviceDown") : t("home.serviceShaky")}
    </StatusItem>
  );
}

function Deliveries({ attention: { deliveries } }: { readonly attention: Attention }) {
  const { t } = useFormats();
  const [newest] = deliveries;
  if (newest === undefined) return null;
  return (
    <StatusItem
      state="warn"
      title={t("home.deliveries", { count: deliveries.length })}
      action={<Open to="/delivery" search={{ state: "dead" }} />}
    >
      {newest.error ?? newest.text.split("\n")[0]}
    </StatusItem>
  );
}

function FailedBackup({ error }: { readonly error: string | undefined }) {
  const { t } = useFormats();
  if (error === undefined) return null;
  return (
    <StatusItem state="critical" title={t("backup.lastFailed")} action={<Open to="/settings/backup" />}>
      {error}
    </StatusItem>
  );
}

function MissedStarts({ attention: { missedStarts } }: { readonly attention: Attention }) {
  const { t } = useFormats();
  const [newest] = missedStarts;
  if (newest === undefined) return null;
  return (
    <StatusItem state="warn" title={t("runs.missedStarts")} action={<Open to="/cron-run" />}>
      {newest.error ?? t("runs.states.unknown")}
    </StatusItem>
  );
}

function FailedTask({ id, name }: { readonly id: number; readonly name: string }) {
  const { t } = useFormats();
  return (
    <StatusItem state="warn" title={t("home.task", { name })} action={<Open to="/cron-run" search={{ cron: String(id) }} />}>
      {t("home.taskHelp")}
    </StatusItem>
  );
}

function Outdated({ attention: { outdated } }: { readonly attention: Attention }) {
  const { t, list } = useFormats();
  if (outdated.length === 0) return null;
  return (
    <StatusItem
      state="waiting"
      title={t("home.outdated", { count: outdated.length })}
      action={<Open to="/servers" search={{ view: "outdated" }} />}
    >
      {list(outdated.slice(0, 5).map(({ server }) => server.name))}
    </StatusItem>
  );
}

/** Leads to where something can be done about it. */
function Open({ to, search = {} }: { readonly to: string; readonly search?: Readonly<Record<string, string>> }) {
  const { t } = useFormats();
  return (
    <Link to={to} search={search} className="wf-btn" data-size="small">
      {t("servers.open")}
    </Link>
  );
}
