import type { Clock, Timer } from "@windfire/kit";
import type { AgentConfig, Outcome } from "./model.ts";

const COMMIT_DELAY_MS = 10_000;

export type ReloadKind = "apply" | "transfer";

/** The configuration in force, and changes that are on their way (spec 21 sections 13.2 to 13.4). */
export interface LiveConfig {
  current(): AgentConfig;
  /** What kind of change waits for its commit, or failed to be saved and was not replaced since. */
  pending(): ReloadKind | undefined;
  /** Commits a configuration in 10 seconds, in place of one that waits. */
  schedule(config: AgentConfig, kind: ReloadKind): void;
  /** Forgets a change that waits. */
  stop(): void;
}

export interface LiveConfigDeps {
  readonly clock: Clock;
  readonly initial: AgentConfig;
  readonly save: (config: AgentConfig) => Outcome<undefined>;
  /** Called after a configuration was saved and is in force. */
  readonly onCommit: () => void;
  readonly onSaveFailure: (reason: string) => void;
}

export function createLiveConfig({ clock, initial, save, onCommit, onSaveFailure }: LiveConfigDeps): LiveConfig {
  let current = initial;
  let pending: ReloadKind | undefined;
  let timer: Timer | undefined;

  const commit = (config: AgentConfig): void => {
    const saved = save(config);
    if (!saved.ok) {
      onSaveFailure(saved.error);
      return;
    }
    current = config;
    pending = undefined;
    onCommit();
  };

  return {
    current: () => current,
    pending: () => pending,
    schedule: (config, kind) => {
      timer?.cancel();
      pending = kind;
      timer = clock.setTimeout(() => commit(config), COMMIT_DELAY_MS);
    },
    stop: () => timer?.cancel(),
  };
}
