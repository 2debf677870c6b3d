import { setImmediate as soon } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { nodeDisk, openStore } from "@windfire/tsdb";
import { createAnswers } from "./answers.ts";
import { FAMILIES } from "./columns.ts";
import type { WorkerStart } from "./messages.ts";
import { serve } from "./serving.ts";
import { sparklinesOf } from "./sparklines.ts";

/** Roll-ups are kept this long unless the size budget ends them earlier. */
const FIVE_MINUTE_DAYS = 400;
const HOUR_DAYS = 3_660;

/** The thread in which the store lives. Starts when it is loaded, being the entry of a thread. */
async function run(start: WorkerStart): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error("this file is the entry of a worker thread");
  const time = { now: start.now, monotonic: start.monotonic };
  const breathe = async (): Promise<void> => soon();
  const store = await openStore({
    folder: start.directory,
    families: FAMILIES,
    limits: {
      rawDays: start.retentionDays,
      fiveMinuteDays: Math.max(FIVE_MINUTE_DAYS, start.retentionDays),
      hourDays: Math.max(HOUR_DAYS, start.retentionDays),
      sizeBudgetBytes: start.sizeBudgetBytes,
      minFreeBytes: start.minFreeDiskBytes,
    },
    disk: nodeDisk,
    clock: { now: () => time.now, monotonic: () => time.monotonic },
    breathe,
  });
  const answers = createAnswers({ store, breathe });
  serve(port, time, { store, answers, sparklines: (question) => sparklinesOf(store, question, breathe), breathe });
}

await run(workerData as WorkerStart);
