import type { Clock, Timer } from "@windfire/kit";
import type { AgentConfig, Outcome } from "../config/index.ts";
import { faultText } from "../fault.ts";
import type { Log } from "../log.ts";
import type { UpdateSource } from "./updater.ts";

/** Updates of a running agent. */
export interface ProgramUpdates {
  start(): void;
  stop(): void;
  /** The dashboard took a report: a version on trial has proven itself, one that was taken back may be at fault. */
  reported(): void;
  /** Looks for a new version at once. Never rejects. */
  now(): Promise<void>;
}

export interface ProgramUpdatesDeps {
  readonly clock: Clock;
  readonly config: () => AgentConfig;
  /** Whether the host permits it at this moment. */
  readonly isPermitted: () => boolean;
  /** Undefined: none is set. */
  readonly source: () => Promise<Outcome<UpdateSource | undefined>>;
  /** The version that is on trial from the next start on. */
  readonly update: (source: UpdateSource) => Promise<Outcome<string | undefined>>;
  /** @param afterMs from the start of the program to its first report */
  readonly noteReport: (afterMs: number) => void;
  /** Ends the program, so that whatever watches it starts the new version. */
  readonly restart: () => void;
  readonly log: Log;
  readonly random: () => number;
}

const MS_PER_MINUTE = 60_000;
/** Of a period that is left to chance, so that a fleet does not come at once (spec 21 section 2). */
const SHORTEST_MINUTES = 1440;
const LONGEST_MINUTES = 2879;

export function createProgramUpdates(deps: ProgramUpdatesDeps): ProgramUpdates {
  const { clock, config, log } = deps;
  let timer: Timer | undefined;
  let running: Promise<void> | undefined;
  const startedMs = clock.monotonic();
  let isProven = false;

  const look = async (): Promise<void> => {
    const source = await deps.source();
    if (!source.ok) return log.warn(`no update: ${source.error}`);
    if (source.value === undefined) return log.info("no update: the configuration names no manifest");
    const found = await deps.update(source.value);
    if (!found.ok) return log.warn(`no update: ${found.error}`);
    if (found.value === undefined) return log.debug("no update: nothing new");
    log.info(`version ${found.value} is tried from the next start on`);
    deps.restart();
  };
  const now = async (): Promise<void> => {
    running ??= look().catch((error: unknown) => log.warn(`no update: ${faultText(error)}`));
    await running;
    running = undefined;
  };
  const schedule = (): void => {
    const { self_update_period: minutes } = config();
    const chosen = minutes > 0 ? minutes : SHORTEST_MINUTES + Math.floor(deps.random() * (LONGEST_MINUTES - SHORTEST_MINUTES + 1));
    timer = clock.setTimeout(() => void periodic(), chosen * MS_PER_MINUTE).unref();
  };
  const periodic = async (): Promise<void> => {
    const source = await deps.source().catch(() => undefined);
    // Off unless it was set: then nothing is said of it either.
    if (deps.isPermitted() && source?.ok === true && source.value !== undefined) await now();
    schedule();
  };

  return {
    now,
    start: () => {
      // Read at the start only, as the reference does.
      if (!config().disable_auto_update) schedule();
    },
    stop: () => timer?.cancel(),
    reported: () => {
      if (isProven) return;
      isProven = true;
      deps.noteReport(clock.monotonic() - startedMs);
    },
  };
}
