import { setImmediate as soon } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { serve } from "../serving.ts";
import type { FromWorker } from "../messages.ts";
import { createVictoriaAnswers } from "./answers.ts";
import { openVictoriaStore } from "./store.ts";
import type { VictoriaStart } from "./start.ts";

/** The thread that speaks with VictoriaMetrics. Starts when it is loaded, being the entry of a thread. */
async function run(start: VictoriaStart): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error("this file is the entry of a worker thread");
  const time = { now: start.now, monotonic: start.monotonic };
  const breathe = async (): Promise<void> => soon();
  const onOutage = (reason: string): void => port.postMessage(noteOf(reason));
  const store = await openVictoriaStore({ ...start, time, random: Math.random, onOutage });
  serve(port, time, { ...createVictoriaAnswers(store, breathe), letGo: store.letGo, breathe });
}

function noteOf(reason: string): FromWorker {
  if (reason === "") return { type: "note", level: "info", text: "history is written again", reason };
  return { type: "note", level: "error", text: "history waits here until it can be written", reason };
}

await run(workerData as VictoriaStart);
