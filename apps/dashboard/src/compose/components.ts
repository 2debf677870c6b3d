import type { Component } from "@windfire/kit";
import type { HttpApp } from "#platform/http";
import type { Listener, ListeningOn } from "#platform/listener";
import type { Foundation } from "./foundation.ts";
import { scheduleJobs } from "./jobs.ts";
import { namingPort, shownAddress } from "./ports.ts";
import type { Rooms } from "./rooms.ts";

/** What of the time to stop goes to requests and streams that are under way. */
const LISTENER_STOP_MS = 2000;

/** What only the judge does starts and stops with its lease. In the order of starting; stopping goes the other way round, so that nothing said during the stop is lost (spec 10 section 20). */
export function componentsOf(base: Foundation, rooms: Rooms, web: HttpApp, listener: Listener): Component[] {
  const { bus, clock, geoIp, history, judge, outbox, scheduler } = base;
  const { agentChanges, alerts, availability, backup, cron, fleet, identity, incidents, liveFeed, mcp, nat, oauth2, protection } = rooms;
  const { relay, replicas, reports, servers, services, traffic, transfers } = rooms;
  return [
    { name: "database", stop: base.closeDatabase },
    { name: "history", stop: () => history.close() },
    { name: "traffic", stop: () => (bus.state === "off" ? traffic.bookHour(servers.directory.list(), clock.now()) : keepCounted(rooms)) },
    { name: "geoip", stop: () => geoIp.stop() },
    { name: "identity", start: () => identity.start(), stop: () => identity.stop() },
    { name: "provider sign-in", start: () => oauth2.start() },
    { name: "share links", stop: () => rooms.shareLinks.stop() },
    { name: "protection", start: () => protection.start(), stop: () => protection.stop() },
    { name: "tunnels", stop: () => nat.seenHosts.settled() },
    { name: "judge", start: () => judge.start(), stop: () => judge.stop() },
    judge.carry({ name: "outbox", start: () => outbox.start(), stop: () => outbox.stop() }),
    { name: "jobs", start: () => scheduleJobs(base, rooms), stop: () => scheduler.stop() },
    { name: "cron", start: () => cron.start(), stop: () => cron.stop() },
    judge.carry({ name: "schedules of cron", ...cron.judged }),
    judge.carry({ name: "availability", start: () => availability.start(), stop: () => availability.stop() }),
    judge.carry({ name: "changes of agents", start: () => agentChanges.start(), stop: () => agentChanges.stop() }),
    judge.carry({ name: "states of services", ...services.judged }),
    { name: "services", start: () => services.start(), stop: () => services.stop() },
    { name: "incidents", start: () => incidents.start() },
    { name: "alerts", start: () => alerts.start(), stop: () => alerts.stop() },
    { name: "reports", start: () => reports.start(), stop: () => reports.stop() },
    { name: "status pages", start: () => rooms.statusPages.start(), stop: () => rooms.statusPages.stop() },
    { name: "transfers", start: () => transfers.start(), stop: () => transfers.stop() },
    { name: "mcp", start: () => mcp.start(), stop: () => mcp.stop() },
    { name: "backups", start: () => backup.start(), stop: () => backup.stop() },
    { name: "relay", stop: () => relay.stop() },
    { name: "fleet", start: () => fleet.start(), stop: () => fleet.stop() },
    { name: "bus", start: () => bus.start(), stop: () => bus.stop() },
    { name: "replicas", start: () => replicas.start(), stop: () => replicas.stop() },
    { name: "live feed", start: () => liveFeed.start(), stop: () => liveFeed.stop() },
    { name: "web", stop: () => web.close() },
    ...listening(base, rooms, web, listener),
    // Before the sockets are closed: whoever sits at a terminal reads why.
    { name: "goodbye", stop: () => relay.stop() },
    { name: "leaving", stop: () => replicas.leave() },
    { name: "replacement", start: () => backup.settle() },
  ];
}

/** Whoever has these agents next goes on from their counters, and books. */
function keepCounted({ replicas, servers, traffic }: Rooms): Promise<void> {
  return traffic.keep(servers.directory.list().filter(({ id }) => replicas.isKeptHere(id)));
}

function listening({ config, log, ports, settings }: Foundation, { identity }: Rooms, web: HttpApp, listener: Listener): Component[] {
  let bound: ListeningOn | undefined;
  return [
    {
      name: "listener",
      start: async () => {
        bound = await namingPort(ports, () => listener.listen());
      },
      stop: () => {
        web.sendAway();
        return listener.stop(LISTENER_STOP_MS);
      },
    },
    {
      // A start that did not get this far has written no configuration and shown no password.
      name: "configuration",
      start: async () => {
        await config.settle();
        await settings.start();
        await identity.tellFirstPassword();
        const { host } = ports;
        const { port = ports.port, tlsPort } = bound ?? {};
        log.announce(`Dashboard::START ON ${shownAddress(host, port)}`);
        if (tlsPort !== undefined) log.announce(`Dashboard::START ON ${shownAddress(host, tlsPort)}`);
        if (config.current.debug) log.announce(`Swagger(1.0) UI available at http://localhost:${port}/swagger/index.html`);
      },
      stop: () => settings.stop(),
    },
  ];
}
