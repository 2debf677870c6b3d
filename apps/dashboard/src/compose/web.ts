import { installPages } from "#features/enrolment";
import { createPrometheus } from "#features/prometheus";
import { createCompressor } from "#platform/compression";
import type { Compressor } from "#platform/compression";
import { apiPages, createHttpApp, hostOf, isLoopbackHost } from "#platform/http";
import type { AnyRoute, AnySocketRoute, HttpApp } from "#platform/http";
import type { Listener } from "#platform/listener";
import { createFirstScreen, createPages, drawInThread } from "#platform/pages";
import { firstScreenFile } from "../folders.ts";
import { installSources } from "../install-sources.ts";
import { VERSION } from "../version.ts";
import { firstPaint } from "./first-paint.ts";
import { guestRevision } from "./guest-revision.ts";
import type { Foundation } from "./foundation.ts";
import { programFigures } from "./program-figures.ts";
import type { Rooms } from "./rooms.ts";
import { composeOperationPages } from "./running.ts";

const DEFAULT_SITE_NAME = "Windfire";

/** What answers HTTP: the API, the pages, the installer and the figures for Prometheus. */
export function composeWeb(
  base: Foundation,
  rooms: Rooms,
  { routes, sockets }: { readonly routes: readonly AnyRoute[]; readonly sockets: readonly AnySocketRoute[] },
  later: { readonly listener: () => Listener; readonly stopping: () => boolean },
): Promise<HttpApp> {
  const { listener, stopping } = later;
  const { config, limits, log, translate } = base;
  const { debug } = config.current;
  const compressor = createCompressor({ cacheBytes: limits.http.compressedBytes, waitingBytes: limits.http.compressingBytes });
  const prometheus = createPrometheus({
    gate: rooms.identity.gate,
    servers: () => rooms.servers.directory.list(),
    isUp: (server) => !["waiting", "offline"].includes(rooms.servers.conditions.of(server)),
    own: () => programFigures(base, rooms, listener().counters),
  });
  return createHttpApp({
    gate: rooms.identity.gate,
    routes,
    sockets,
    translate,
    limits: { ...limits.http, openSockets: limits.sockets.open, pageSize: limits.lists.pageSize },
    budgets: base.budgets,
    compressor,
    version: VERSION,
    early: rooms.statusPages.site.early,
    reroute: rooms.statusPages.site.reroute,
    pages: composePages(base, rooms, compressor),
    plugins: [
      apiPages(debug),
      installPages(installSources(process.cwd())),
      rooms.mcp.plugin,
      prometheus.plugin,
      rooms.statusPages.site.plugin,
      composeOperationPages(base, rooms, { accepting: () => listener().accepting, stopping }),
    ],
    afterWrite: () => rooms.replicas.spread(),
    foreignOrigin: (visit) => debug && isLoopbackHost(hostOf(visit)),
    onError: (error, visit) => log.child("http").error("a request failed", { error, method: visit.method, path: visit.path }),
    onAnswer: (visit, status, milliseconds) => log.debug("request", { method: visit.method, path: visit.path, status, milliseconds }),
  });
}

function composePages(base: Foundation, rooms: Rooms, compressor: Compressor) {
  const { clock, config, folders, log, translate } = base;
  const revision = guestRevision(rooms);
  return createPages({
    compressor,
    folders,
    appearance: (half) => {
      const { userTemplate, adminTemplate, customCode, customCodeDashboard } = config.current;
      return half === "public"
        ? { template: userTemplate, customCode: customCode !== "" }
        : { template: adminTemplate, customCode: customCodeDashboard !== "" };
    },
    elsewhere: () =>
      translate(
        "This dashboard works under a host name of its own, not below a path of another site: give it a sub-domain in the reverse proxy.",
      ),
    siteName: () => config.current.siteName || DEFAULT_SITE_NAME,
    embed: firstPaint(base, rooms, revision),
    firstScreen: createFirstScreen({
      clock,
      draw: drawInThread(firstScreenFile, clock),
      edition: () => `${revision()} ${JSON.stringify(rooms.settings.guestView())}`,
      onError: (error) => log.child("pages").warn("the start page came without its first screen", { error }),
    }),
  });
}
