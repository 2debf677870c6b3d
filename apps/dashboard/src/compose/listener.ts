import { FEATURES, FEATURES_HEADER } from "@windfire/protocol";
import { createAgentService } from "#features/fleet";
import { createGrpcServer } from "#platform/grpc";
import type { HttpApp } from "#platform/http";
import { createListener } from "#platform/listener";
import type { Listener } from "#platform/listener";
import { readCertificate } from "./certificate.ts";
import { listenerLimits } from "./figures.ts";
import type { Foundation } from "./foundation.ts";
import type { Some } from "./rooms.ts";

/** One port for agents, browsers and tunnels. */
export function composeListener(
  { budgets, clock, config, limits, onError, ports }: Foundation,
  { identity, fleet, mcp, nat, servers }: Some<"identity" | "fleet" | "mcp" | "nat" | "servers">,
  web: HttpApp,
): Listener {
  const { https } = config.current;
  const service = createAgentService({
    fleet,
    isKnown: (id) => servers.directory.get(id) !== undefined,
    onAgent: nat.seenHosts.noteAgent,
    address: ({ peer, metadata }) => identity.agents.address(peer, metadata),
  });
  return createListener({
    clock,
    limits: listenerLimits(limits),
    host: ports.host,
    port: ports.port,
    ...(ports.tlsPort === 0 ? {} : { tls: { port: ports.tlsPort, load: () => readCertificate(https) } }),
    web: { request: web.handle, upgrade: web.upgrade, isPatient: mcp.isPatient },
    calls: createGrpcServer({
      clock,
      limits: limits.grpc,
      headers: { [FEATURES_HEADER]: FEATURES.join(", ") },
      budget: budgets.known,
      admit: service.admit,
      methods: service.methods,
      onError: onError("grpc"),
    }),
    tunnel: nat.tunnel,
    onError: onError("listener"),
  });
}
