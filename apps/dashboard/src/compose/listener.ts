import { resolve } from "node:path";
import { FEATURES, FEATURES_HEADER } from "@windfire/protocol";
import { createAgentService } from "#features/fleet";
import type { ConfigStore } from "#platform/config";
import { createGrpcServer } from "#platform/grpc";
import type { HttpApp } from "#platform/http";
import { authorityOf, createListener } from "#platform/listener";
import type { Listener, ListenerDeps } from "#platform/listener";
import { readCertificate } from "./certificate.ts";
import { listenerLimits } from "./figures.ts";
import type { Foundation } from "./foundation.ts";
import type { Ports } from "./ports.ts";
import type { Some } from "./rooms.ts";

/** One port for agents, browsers and tunnels. */
export function composeListener(
  { budgets, clock, config, limits, onError, ports }: Foundation,
  {
    backup,
    identity,
    fleet,
    mcp,
    nat,
    servers,
    statusPages,
  }: Some<"backup" | "identity" | "fleet" | "mcp" | "nat" | "servers" | "statusPages">,
  web: HttpApp,
): Listener {
  const service = createAgentService({
    fleet,
    isKnown: (id) => servers.directory.get(id) !== undefined,
    onAgent: nat.seenHosts.noteAgent,
    address: ({ peer, metadata }) => identity.agents.address(peer, metadata),
  });
  const calls = createGrpcServer({
    clock,
    limits: limits.grpc,
    headers: { [FEATURES_HEADER]: FEATURES.join(", ") },
    budget: budgets.known,
    admit: service.admit,
    methods: service.methods,
    onError: onError("grpc"),
  });
  return createListener({
    clock,
    limits: listenerLimits(limits),
    host: ports.host,
    port: ports.port,
    ...(ports.tlsPort === 0 ? {} : { tls: tlsOf(config, ports) }),
    web: { request: web.handle, upgrade: web.upgrade, isPatient: (asked) => mcp.isPatient(asked) || backup.isPatient(asked) },
    calls: {
      handle: calls.handle,
      // At a status page's own host nothing else answers.
      accepts: (headers) => calls.accepts(headers) && !statusPages.hasHost(authorityOf({ headers, httpVersionMajor: 2 })),
    },
    tunnel: nat.tunnel,
    onError: onError("listener"),
  });
}

/** The files are looked up each time: they may be named anew while the dashboard runs. */
function tlsOf(config: ConfigStore, { tlsPort }: Ports): ListenerDeps["tls"] {
  return {
    port: tlsPort,
    load: () => readCertificate(config.current.https),
    files: () => [config.current.https.tlsCertPath, config.current.https.tlsKeyPath].map((path) => resolve(path)),
  };
}
