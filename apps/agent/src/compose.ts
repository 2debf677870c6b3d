import type { Clock } from "@windfire/kit";
import { createAddressWatch } from "./collect/index.ts";
import { createLiveConfig } from "./config/index.ts";
import type { AgentConfig, ConfigStore } from "./config/index.ts";
import { announcedRights, createFileGuard, createGate, createHostRights, rightsText } from "./gate/index.ts";
import { createTaskKinds } from "./kinds.ts";
import { createDial, createLink, createReports } from "./link/index.ts";
import type { Log } from "./log.ts";
import { RELEASE, REPORTED_VERSION } from "./release.ts";
import { createStreamRefusal } from "./streams/index.ts";
import { authorities } from "./system/authorities.ts";
import { createHostCollector } from "./system/collector.ts";
import { findAddressesApart } from "./system/find-addresses.ts";
import { lookUpWith } from "./system/look-up.ts";
import { createRightsFile } from "./system/rights-file.ts";
import { createUpdates, ROOT_VARIABLE } from "./system/updates.ts";
import { createTaskRunner } from "./tasks/index.ts";

/** A running agent. */
export interface Agent {
  start(): void;
  stop(): Promise<void>;
}

export interface AgentDeps {
  readonly clock: Clock;
  readonly store: ConfigStore;
  readonly config: AgentConfig;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The configuration file; what it permits is looked up there for every order. */
  readonly configPath: string;
  /** The file this program was started from. */
  readonly entry: string;
  readonly log: (isDebug: () => boolean) => Log;
  readonly random: () => number;
}

/** The only file that knows every room: builds them and hands each what it needs. */
export function createAgent(deps: AgentDeps): Agent {
  const { clock } = deps;
  const life = new AbortController();
  const log = deps.log(() => live.current().debug);
  const live = createLiveConfig({
    clock,
    initial: deps.config,
    save: deps.store.save,
    onCommit: () => {
      log.info("configuration changed by the dashboard");
      reports.forgetAddresses();
      link.reload();
    },
    onSaveFailure: (reason) => log.warn(`the new configuration cannot be saved and is not used: ${reason}`),
  });
  const collector = createHostCollector({ clock, environment: deps.environment, version: REPORTED_VERSION, log, signal: life.signal });
  const gate = createGate({ clock, hostRights: createHostRights({ file: createRightsFile(deps.configPath), warn: log.warn }) });
  const reports = createReports({
    clock,
    collector,
    addresses: createAddressWatch({ clock, find: (pages) => findAddressesApart(deps.entry, pages, life.signal) }),
    rights: (config) => announcedRights(gate.rights(config)),
  });

  const updates = createUpdates({
    clock,
    config: live.current,
    configPath: deps.configPath,
    root: deps.environment[ROOT_VARIABLE],
    isPermitted: () => gate.rights(live.current()).has("update"),
    log,
    random: deps.random,
  });
  const kinds = createTaskKinds({ clock, live, environment: deps.environment, log, update: updates.now });
  const tasks = createTaskRunner({
    clock,
    kinds,
    gate,
    guard: (only) => createFileGuard(deps.configPath, only),
    signal: life.signal,
    log,
    refuseStream: createStreamRefusal({ clock, log }),
  });
  const link = createLink({
    clock,
    config: live.current,
    collector,
    reports,
    tasks,
    log,
    dial: createDial({ clock, lookUp: lookUpWith, authorities, environment: deps.environment }),
    userAgent: `windfire-agent/${RELEASE}`,
    onAccepted: updates.reported,
    random: deps.random,
  });

  return {
    start: () => {
      log.info(`permitted by this host: ${rightsText(gate.rights(deps.config))}`);
      link.start();
      updates.start();
    },
    stop: async () => {
      updates.stop();
      live.stop();
      life.abort();
      await link.stop();
    },
  };
}
