import type { HistoryStats } from "#features/history";
import type { Family } from "#features/prometheus";
import { shownState } from "#features/services";
import type { Bus } from "#platform/bus";
import type { Listener } from "#platform/listener";
import type { Foundation } from "./foundation.ts";
import type { Rooms } from "./rooms.ts";

function one(type: Family["type"], name: string, help: string, value: number): Family {
  return { name: `windfire_${name}`, help, type, samples: [{ value }] };
}

/** Queues, drops and the like of the program itself, for Prometheus. */
export async function programFigures(
  { bus, clock, database, history, outbox }: Foundation,
  { alerts, cron, fleet, identity, nat, relay, replicas, services }: Rooms,
  counters: Listener["counters"],
): Promise<readonly Family[]> {
  const messages = await outbox.stats();
  const stored = await history.stats();
  const dropped = stored.dropped.stopped + stored.dropped.bufferFull + (stored.buffer?.dropped ?? 0);
  const judging = alerts.stats();
  const age = messages.oldest === 0 ? 0 : Math.max(0, clock.now() - messages.oldest) / 1000;
  const closed = Object.entries(counters).filter(([name]) => name !== "accepted");
  return [
    one("gauge", "outbox_messages", "Messages that wait or are being sent.", messages.waiting),
    one("gauge", "outbox_bytes", "Bytes of these messages.", messages.bytes),
    one("gauge", "outbox_oldest_age_seconds", "Age of the oldest of them.", age),
    one("gauge", "outbox_sending", "Targets that are being sent to.", messages.sending),
    one("counter", "outbox_full_total", "Messages given up because a queue was full.", messages.full),
    one("gauge", "database_waiting_writers", "Writes that wait for their turn.", database.stats.waitingWriters),
    one("counter", "changes_late_total", "Changes whose callers did not wait for them to reach memory.", database.stats.changes.late),
    one("gauge", "history_writing", "1 while history is written.", stored.state === "writing" ? 1 : 0),
    one("counter", "history_dropped_total", "Samples that were not kept because nothing could be written.", dropped),
    ...historyFigures(stored),
    one("gauge", "alert_pairs", "Pairs of rule and server that are judged.", judging.pairs),
    one("gauge", "alert_waiting", "Changes of state that wait to be written.", judging.waiting),
    one("counter", "alert_dropped_total", "Changes of state that found no room.", judging.dropped),
    one("counter", "alert_failed_total", "Judgements that failed.", judging.failed),
    ...serviceFigures(services, clock.now()),
    one("counter", "service_results_refused_total", "Results of probes that a server was not asked for.", services.counters.refused),
    one("counter", "service_results_flooded_total", "Results of probes beyond those that were asked for.", services.counters.flooded),
    one("counter", "service_probes_busy_total", "Probes that an agent did not take.", services.counters.busy),
    one("gauge", "task_results_waiting", "Servers whose answer to a command is waited for.", cron.waiting()),
    one("counter", "task_commands_busy_total", "Commands that an agent did not take.", cron.runs.busyCount),
    one("gauge", "streams_open", "Terminals, file managers, tunnelled requests and transfers.", relay.streams.size),
    one("counter", "agent_fields_cleaned_total", "Parts of reports that were cut or dropped.", fleet.counters.cleaned),
    one("counter", "agent_streams_superseded_total", "Streams of agents that newer ones took over from.", fleet.counters.superseded),
    one("counter", "login_attempts_refused_total", "Guesses that were turned away unread.", identity.stats.attemptsRefused),
    one(
      "counter",
      "seen_hosts_not_recorded_total",
      "Names that found no room in the list of seen hosts.",
      nat.seenHosts.counters.notRecorded,
    ),
    ...(bus.state === "off" ? [] : busFigures(bus, replicas)),
    one("counter", "connections_accepted_total", "Connections that were accepted.", counters.accepted),
    {
      name: "windfire_connections_closed_total",
      help: "Connections and requests that were refused or ended, by reason.",
      type: "counter",
      samples: closed.map(([reason, value]) => ({
        labels: { reason: reason.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) },
        value,
      })),
    },
  ];
}

/** What joins this dashboard to the others of the installation. */
function busFigures({ state, stats }: Bus, replicas: Rooms["replicas"]): Family[] {
  return [
    one("gauge", "bus_connected", "1 while other dashboards can be heard.", state === "connected" ? 1 : 0),
    one("gauge", "bus_dashboards", "Dashboards of the installation that are there, with this one.", replicas.peers().length + 1),
    one("gauge", "bus_unheard_dashboards", "Dashboards that are on the database and not heard.", replicas.neighbours.unheard),
    one("counter", "bus_messages_sent_total", "Messages to other dashboards.", stats.messagesOut),
    one("counter", "bus_bytes_sent_total", "Bytes of these messages.", stats.bytesOut),
    one("counter", "bus_messages_received_total", "Messages of other dashboards.", stats.messagesIn),
    one("counter", "bus_bytes_received_total", "Bytes of these messages.", stats.bytesIn),
    one("counter", "bus_full_total", "Messages that were not sent because too much waited.", stats.full),
    one("counter", "bus_unreadable_total", "What came over the bus and could not be read.", stats.unreadable),
    one("counter", "bus_late_total", "Questions of other dashboards that came too late to be answered.", stats.tooLate),
  ];
}

/** Of a history that is kept elsewhere, what waits for it stands in for what nobody here knows. */
function historyFigures({ totalBytes, series, buffer }: HistoryStats): Family[] {
  const known = (name: string, help: string, value: number | undefined): Family[] =>
    value === undefined ? [] : [one("gauge", name, help, value)];
  return [
    ...known("history_bytes", "Bytes of history on disk.", totalBytes),
    ...known("history_series", "Series of history.", series),
    ...known("history_waiting_rows", "Half minutes of history that wait to be sent.", buffer?.rows),
    ...known("history_waiting_bytes", "Bytes of history that wait to be sent.", buffer?.bytes),
    ...known("history_waiting_limit_bytes", "Bytes of history that may wait; past it the oldest are dropped.", buffer?.limitBytes),
  ];
}

/** What services are like, and for how long their certificates are good. */
function serviceFigures({ services, stateOf }: Rooms["services"], now: number): Family[] {
  const known = services.list().map(({ id, name }) => ({ labels: { id: String(id), name }, ...shownState(stateOf(id), now) }));
  return [
    {
      name: "windfire_service_up",
      help: "1 while a service is good, 0 while it is not; left out while nothing is known.",
      type: "gauge",
      samples: known
        .filter(({ state }) => state !== undefined && state !== "no-data")
        .map(({ labels, state }) => ({ labels, value: state === "good" ? 1 : 0 })),
    },
    {
      name: "windfire_service_certificate_days",
      help: "Days for which a service's certificate is good.",
      type: "gauge",
      samples: known.flatMap(({ labels, certificate }) => (certificate ? [{ labels, value: certificate.days_left }] : [])),
    },
  ];
}
