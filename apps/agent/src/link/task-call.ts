import { decodeTask, encodeTaskResult, frameMessage } from "@windfire/protocol";
import type { Clock } from "@windfire/kit";
import type { AgentConfig } from "../config/index.ts";
import { createOpenIo } from "../streams/index.ts";
import type { TaskRunner } from "../tasks/index.ts";
import type { CallStream, Channel, Finish } from "./channel.ts";
import { createWatchdog } from "./watchdog.ts";

export interface TaskCallDeps {
  readonly clock: Clock;
  readonly channel: Channel;
  readonly config: () => AgentConfig;
  readonly tasks: TaskRunner;
}

/** The call by which orders come and results go. */
export interface TaskCall {
  open(): void;
  /** Ends both sides. */
  close(): void;
}

/** A dashboard sends a keep-alive task every 20 s (spec 20 section 6). */
const TASK_PATIENCE_MS = 45_000;

/** @param life aborted when the session ends: results of tasks that finish later are dropped (spec 21 section 3) */
export function createTaskCall({ clock, channel, config, tasks }: TaskCallDeps, life: AbortSignal, finish: Finish): TaskCall {
  let call: CallStream | undefined;
  const watchdog = createWatchdog(clock, TASK_PATIENCE_MS, () => finish("no task for 45 s, not even a keep-alive"));
  life.addEventListener("abort", watchdog.rest, { once: true });
  const session = {
    config,
    signal: life,
    openIo: createOpenIo((events, timeoutMs) => channel.open("IOStream", events, timeoutMs), clock),
    sendResult: (result: Parameters<typeof encodeTaskResult>[0]): void => {
      if (life.aborted) return;
      if (call?.send(frameMessage(encodeTaskResult, result)) === "full") finish("the dashboard takes no results");
    },
  };

  return {
    open: () => {
      watchdog.feed();
      call = channel.open("RequestTask", {
        onMessage: (message) => {
          watchdog.feed();
          if (!life.aborted) tasks.run(decodeTask(message), session);
        },
        onEnd: (status) => finish(`the task stream ended: ${status.message || "no reason given"}`, status.code),
      });
    },
    close: () => {
      call?.end();
      call?.cancel();
    },
  };
}
