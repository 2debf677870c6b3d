import { createBackOff } from "@windfire/kit";
import type { Timer } from "@windfire/kit";
import { STATUS } from "@windfire/protocol";
import type { AgentConfig } from "../config/index.ts";
import { faultText } from "../fault.ts";
import { createChannel } from "./channel.ts";
import type { Dial } from "./dial.ts";
import { createLateSamples } from "./late-samples.ts";
import { createSession } from "./session.ts";
import type { Session, SessionDeps, SessionEnd } from "./session.ts";

/** Keeps the agent connected: one session after the other, with pauses that grow while nothing works. */
export interface Link {
  start(): void;
  /** Ends the session in peace and connects with the configuration that is in force now. */
  reload(): void;
  /** Ends the session; resolves when nothing of it runs. */
  stop(): Promise<void>;
}

export interface LinkDeps extends Omit<SessionDeps, "channel" | "late"> {
  readonly dial: Dial;
  readonly userAgent: string;
  readonly random: () => number;
}

const PAUSE = { baseMs: 1000, maxMs: 10_000 };
/** A session that lasted this long was a good one. */
const GOOD_SESSION_MS = 60_000;
/** Refusals are counted by the dashboard, so they are not hurried. */
const REFUSED_PAUSE_MS = 10_000;
const PASSING_CODES: ReadonlySet<number> = new Set([STATUS.unavailable, STATUS.deadlineExceeded, STATUS.cancelled]);

export function createLink(deps: LinkDeps): Link {
  const { clock, log } = deps;
  const late = createLateSamples({ ...deps, onError: (error) => log.debug(`a sample cannot be taken: ${faultText(error)}`) });
  const backOff = createBackOff({ ...PAUSE, random: deps.random });
  let session: Session | undefined;
  let isStopping = false;
  let running: Promise<void> = Promise.resolve();
  let wake: () => void = () => undefined;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer: Timer = clock.setTimeout(resolve, ms);
      wake = () => {
        timer.cancel();
        resolve();
      };
    });
  const attempt = async (config: AgentConfig): Promise<SessionEnd> => {
    try {
      const socket = await deps.dial({ server: config.server, tls: config.tls, insecureTls: config.insecure_tls, dns: config.dns });
      const channel = createChannel(socket, {
        clock,
        authority: config.server,
        scheme: config.tls ? "https" : "http",
        identity: { secret: config.client_secret, uuid: config.uuid },
        userAgent: deps.userAgent,
      });
      session = createSession({ ...deps, channel, late });
      if (isStopping) session.stop();
      return await session.run();
    } catch (error) {
      return { reason: faultText(error), code: undefined, wasAccepted: false };
    } finally {
      session = undefined;
    }
  };
  const run = async (): Promise<void> => {
    while (!isStopping) {
      const config = deps.config();
      if (config.tls && config.insecure_tls) log.warn("the dashboard's certificate is not verified (insecure_tls)");
      const startedMs = clock.monotonic();
      const end = await attempt(config);
      if (isStopping) return;
      late.away();
      if (end.wasAccepted && clock.monotonic() - startedMs >= GOOD_SESSION_MS) backOff.reset();
      const pauseMs = isRefusal(end) ? REFUSED_PAUSE_MS : backOff.next();
      log.warn(`disconnected: ${end.reason}; next attempt in ${(pauseMs / 1000).toFixed(1)} s`);
      await pause(pauseMs);
    }
  };

  return {
    start: () => {
      running = run();
    },
    reload: () => session?.reload(),
    stop: async () => {
      isStopping = true;
      wake();
      session?.stop();
      late.back();
      await running;
    },
  };
}

function isRefusal({ code, wasAccepted }: SessionEnd): boolean {
  return !wasAccepted && code !== undefined && !PASSING_CODES.has(code);
}
