import { encodeState, frameMessage, STATUS } from "@windfire/protocol";
import type { Clock } from "@windfire/kit";
import type { Collector } from "../collect/index.ts";
import type { AgentConfig } from "../config/index.ts";
import { faultText } from "../fault.ts";
import type { Log } from "../log.ts";
import { CallError } from "./channel.ts";
import type { CallStream, Channel, Finish } from "./channel.ts";
import type { LateSamples } from "./late-samples.ts";
import type { Reports } from "./reports.ts";
import { createWatchdog } from "./watchdog.ts";

export interface StateCallDeps {
  readonly clock: Clock;
  readonly channel: Channel;
  /** Asked again for every sample. */
  readonly config: () => AgentConfig;
  readonly collector: Collector;
  readonly reports: Reports;
  /** Keeps the sample that was taken but not receipted when the session ended. */
  readonly late: Pick<LateSamples, "keep">;
  readonly log: Log;
}

/** The call by which samples go and receipts come. */
export interface StateCall {
  open(): void;
  /** Sends samples at their pace until `close` is called or the session ends. */
  report(): Promise<void>;
  /** Lets the sample under way be receipted, ends our side and waits for the dashboard's status. */
  close(): Promise<void>;
}

const MS_PER_SECOND = 1000;
const RECEIPT_PATIENCE_MS = 10_000;
/** How long other reports rest after one has failed. */
const REPORT_PAUSE_MS = 10_000;

/** @param life aborted when the session ends */
export function createStateCall(deps: StateCallDeps, life: AbortSignal, finish: Finish): StateCall {
  const { clock, channel } = deps;
  const loopEnded = Promise.withResolvers<void>();
  const callEnded = Promise.withResolvers<void>();
  const watchdog = createWatchdog(clock, RECEIPT_PATIENCE_MS, () => finish("no receipt for 10 s"));
  const reportDue = createDueReports(deps, finish);
  let call: CallStream | undefined;
  let isClosing = false;
  let proceed: () => void = () => undefined;
  const underWay = createSampleUnderWay(deps.late);
  life.addEventListener(
    "abort",
    () => {
      underWay.keep();
      watchdog.rest();
      callEnded.resolve();
      proceed();
    },
    { once: true },
  );

  const isOver = (): boolean => isClosing || life.aborted;
  const receipt = (): Promise<void> =>
    new Promise((resolve) => {
      proceed = resolve;
      watchdog.feed();
    });
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = clock.setTimeout(resolve, ms);
      proceed = () => {
        timer.cancel();
        resolve();
      };
    });
  const sendSample = async (): Promise<void> => {
    const config = deps.config();
    const state = await deps.collector.sample(config);
    underWay.is(clock.monotonic(), state, config);
    if (isOver() || call === undefined) return underWay.keep();
    const receipted = receipt();
    if (call.send(frameMessage(encodeState, state)) !== "sent") finish("samples cannot be sent");
    await receipted;
  };

  return {
    open: () => {
      call = channel.open("ReportSystemState", {
        onMessage: () => {
          if (!watchdog.isWaiting()) return;
          watchdog.rest();
          underWay.arrived();
          proceed();
        },
        onEnd: (status) => {
          callEnded.resolve();
          if (!isClosing) finish(`the state stream ended: ${status.message || "no reason given"}`, status.code);
        },
      });
    },
    report: async () => {
      while (!isOver()) {
        const dueMs = clock.monotonic() + deps.config().report_delay * MS_PER_SECOND;
        await sendSample();
        if (isOver()) break;
        reportDue();
        await pause(dueMs - clock.monotonic());
      }
      loopEnded.resolve();
    },
    close: async () => {
      isClosing = true;
      // Ends a pause; a sample that waits for its receipt gets it, or the session ends.
      if (!watchdog.isWaiting()) proceed();
      await loopEnded.promise;
      call?.end();
      await callEnded.promise;
    },
  };
}

/** The sample that was taken and not receipted yet. */
function createSampleUnderWay(late: StateCallDeps["late"]) {
  let sample: Parameters<LateSamples["keep"]> | undefined;
  return {
    is: (...taken: Parameters<LateSamples["keep"]>): void => {
      sample = taken;
    },
    arrived: (): void => {
      sample = undefined;
    },
    /** It may not have arrived: it is told again. */
    keep: (): void => {
      if (sample !== undefined) late.keep(...sample);
      sample = undefined;
    },
  };
}

/** Starts the other reports that are due, one round at a time, beside the samples. */
function createDueReports({ clock, channel, config, reports, log }: StateCallDeps, finish: Finish): () => void {
  let isRunning = false;
  let restUntilMs = Number.NEGATIVE_INFINITY;
  const round = async (): Promise<void> => {
    try {
      await reports.due(channel, config());
    } catch (error) {
      restUntilMs = clock.monotonic() + REPORT_PAUSE_MS;
      log.debug(`a report failed: ${faultText(error)}`);
      // The connection takes no more calls although its streams go on: time for another one.
      if (error instanceof CallError && error.code === STATUS.unavailable) finish(faultText(error), error.code);
    } finally {
      isRunning = false;
    }
  };
  return () => {
    if (isRunning || clock.monotonic() < restUntilMs) return;
    isRunning = true;
    void round();
  };
}
