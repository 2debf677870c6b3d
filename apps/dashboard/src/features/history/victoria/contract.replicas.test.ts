import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock, startVictoriaMetrics } from "@windfire/testkit";
import type { VictoriaMetricsServer } from "@windfire/testkit";
import { afterAll, beforeAll, expect } from "vitest";
import { createHistory } from "../index.ts";
import type { History } from "../index.ts";
import { historyContract } from "../testing/contract.ts";
import { START } from "../testing/history-under-test.ts";

let server: VictoriaMetricsServer;
let installations = 0;
beforeAll(async () => void (server = await startVictoriaMetrics()));
afterAll(() => server.remove());

/** What another process finds: a restart with another folder answers from what was sent alone. */
historyContract("VictoriaMetrics", async () => {
  const time = createFakeClock(START);
  const installation = `contract-${++installations}`;
  const folders: string[] = [];
  const open = async (): Promise<History> => {
    const directory = await mkdtemp(join(tmpdir(), "windfire-victoria-"));
    folders.push(directory);
    return createHistory({
      clock: time,
      log: { error: (text) => expect.unreachable(text) },
      directory,
      limits: { retentionDays: 30, minFreeDiskBytes: 0, sizeBudgetBytes: 2 ** 30 },
      enabled: true,
      victoria: { address: { url: server.url, authorization: "" }, installation, bufferBytes: 2 ** 24 },
    });
  };
  let opened: History | undefined;
  return {
    open: async () => (opened = await open()),
    async reopen() {
      await opened?.close();
      await server.settle();
      time.advance(1_000);
      return (opened = await open());
    },
    remove: async () => {
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
});
