import type { CallStatus } from "@windfire/protocol";
import type { Clock, Timer } from "@windfire/kit";
import { faultText } from "../fault.ts";
import { CallError } from "./channel.ts";
import type { Channel, Finish } from "./channel.ts";
import type { LateSamples } from "./late-samples.ts";
import { createStateCall } from "./state-call.ts";
import type { StateCallDeps } from "./state-call.ts";
import { createTaskCall } from "./task-call.ts";
import type { TaskCallDeps } from "./task-call.ts";

/** How a connection ended. */
export interface SessionEnd {
  readonly reason: string;
  /** Status of the call that ended it, if one did. */
  readonly code: CallStatus["code"] | undefined;
  /** Whether the dashboard had taken the first report. */
  readonly wasAccepted: boolean;
}

export interface Session {
  /** Reports until something fails, or `reload` or `stop` is called. Never rejects. */
  run(): Promise<SessionEnd>;
  /** Ends in peace: the sample under way is finished and the dashboard told (spec 21 section 3). */
  reload(): void;
  /** Ends at once. */
  stop(): void;
}

export interface SessionDeps extends StateCallDeps, TaskCallDeps {
  readonly late: LateSamples;
  /** Called when the dashboard has taken the first report. */
  readonly onAccepted: () => void;
}

const RELOADED = "the configuration has changed";
const PING_PERIOD_MS = 20_000;
const PING_PATIENCE_MS = 10_000;
/** How long a peaceful end may take. */
const FAREWELL_MS = 10_000;
/** A dashboard that cannot take what is late is asked again so often. */
const HAND_OVER_PAUSE_MS = 60_000;
/** How long what is still to be sent may take after the end. */
const LINGER_MS = 1000;

/** One connection from the first report to its end (spec 21 section 3). */
export function createSession(deps: SessionDeps): Session {
  const { clock, channel } = deps;
  const life = new AbortController();
  const ended = Promise.withResolvers<SessionEnd>();
  let wasAccepted = false;
  const finish: Finish = (reason, code) => {
    ended.resolve({ reason, code, wasAccepted });
    life.abort();
  };
  const tasks = createTaskCall(deps, life.signal, finish);
  const states = createStateCall(deps, life.signal, finish);

  const work = async (): Promise<void> => {
    await deps.reports.host(channel, deps.config());
    wasAccepted = true;
    if (life.signal.aborted) return;
    deps.log.info("connected");
    deps.onAccepted();
    deps.late.back();
    tasks.open();
    states.open();
    // Beside the samples: what is late can wait, what is now cannot.
    void handOver(deps, life.signal);
    await states.report();
  };
  const fail = (error: unknown): void => finish(faultText(error), error instanceof CallError ? error.code : undefined);
  const leave = async (): Promise<void> => {
    await states.close();
    finish(RELOADED);
  };

  return {
    run: async () => {
      const stopPings = watchConnection(channel, clock, finish);
      void channel.closed.then((reason) => finish(reason));
      work().catch(fail);
      const end = await ended.promise;
      stopPings();
      tasks.close();
      channel.close();
      clock.setTimeout(() => channel.destroy(end.reason), LINGER_MS).unref();
      return end;
    },
    reload: () => {
      if (!wasAccepted) return finish(RELOADED);
      clock.setTimeout(() => finish(RELOADED), FAREWELL_MS).unref();
      leave().catch(fail);
    },
    stop: () => finish("the agent stops"),
  };
}

/** Until everything is told, or the session ends. */
async function handOver(deps: Pick<SessionDeps, "clock" | "channel" | "late" | "log">, life: AbortSignal): Promise<void> {
  const isDone = await deps.late.handOver(deps.channel).catch((error: unknown) => {
    deps.log.debug(`what was measured meanwhile is not handed over: ${faultText(error)}`);
    return false;
  });
  if (isDone || life.aborted) return;
  const again = deps.clock.setTimeout(() => void handOver(deps, life), HAND_OVER_PAUSE_MS).unref();
  life.addEventListener("abort", () => again.cancel(), { once: true });
}

/** Ends the session when the other side does not answer; a connection whose cable was cut looks alive. Gives what stops it. */
function watchConnection(channel: Channel, clock: Clock, finish: Finish): () => void {
  let patience: Timer | undefined;
  const ping = (): void => {
    patience?.cancel();
    const waiting = clock.setTimeout(() => finish("no answer to a ping for 10 s"), PING_PATIENCE_MS);
    patience = waiting;
    void channel.ping().then(() => waiting.cancel());
  };
  const pings = clock.setInterval(ping, PING_PERIOD_MS);
  return () => {
    pings.cancel();
    patience?.cancel();
  };
}
