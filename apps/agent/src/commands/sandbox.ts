import { MONITORING_SANDBOX, openedSandbox, performSteps, widenSystemdUnit } from "@windfire/service";
import type { Host, ServiceOutcome } from "@windfire/service";
import type { Permits, Right } from "../gate/index.ts";

export interface SandboxDeps {
  readonly host: Host;
  /** Name of the agent's service. */
  readonly service: string;
  readonly print: (line: string) => void;
}

/** Rights that need more than an agent which only reports and probes may do. */
const WIDE: readonly Right[] = ["commands", "terminal", "files", "config", "update"];

/**
 * Fits systemd's sandbox of the agent's service to what the host permits: closed for reports, probes and tunnels, open for all else and for
 * an agent that replaces itself. Nothing is done where there is no such service, or where it is fitted already.
 */
export function fitSandbox({ host, service, print }: SandboxDeps, rights: Permits, hasUpdates: boolean): ServiceOutcome {
  const unit = `/etc/systemd/system/${service}.service`;
  const isOpen = host.exists(`${unit}.d/rights.conf`);
  const isWide = hasUpdates || WIDE.some((right) => rights.has(right));
  if (!host.exists("/run/systemd/system") || !host.exists(unit) || isOpen === isWide) return { ok: true, value: undefined };
  const done = performSteps(host, widenSystemdUnit({ name: service }, isWide ? openedSandbox(MONITORING_SANDBOX) : undefined));
  if (done.ok) print(`the service ${service} was started anew, ${isWide ? "without" : "in"} the sandbox of an agent that only monitors`);
  return done;
}
