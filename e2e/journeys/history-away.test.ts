import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { expect, test } from "vitest";
import { unusedPort } from "@windfire/testkit";
import { openBrowser, SIZE_NAMES, startVisit } from "../browser.ts";
import { openStage } from "../stage.ts";

const AWAY = "The history cannot be read right now.";

/** Takes everything, and knows of no points. */
async function openEmptyPlace(port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const isRange = request.url?.startsWith("/api/v1/query_range") === true;
    request.resume().on("end", () => response.writeHead(200).end(isRange ? '{"data":{"result":[]}}' : ""));
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

test("while what keeps the history is away the pages say so, what is live goes on, and the charts come back by themselves", async () => {
  const port = await unusedPort();
  const stage = await openStage({ agents: 1, config: `history: victoriametrics http://127.0.0.1:${port}\n` });
  const browser = await openBrowser();
  let place: Server | undefined;
  try {
    const [server] = await stage.admin.get<{ id: number; name: string }[]>("/server");
    const service = { name: "port", type: 3, target: "127.0.0.1:1", duration: 30, cover: 0, skip_servers: {}, notification_group_id: 0 };
    const serviceId = await stage.admin.post<number>("/service", service);
    const answer = await fetch(`${stage.base}/api/v1/server/${server?.id}/metrics?metric=cpu`);
    expect([answer.status, await answer.json()]).toEqual([200, { success: false, error: "history cannot be read right now" }]);

    const pages = [`/server/${server?.id}?range=24h`, `/server/${server?.id}?tab=latency`, `/service/${serviceId}`];
    for (const size of SIZE_NAMES) {
      const visit = await startVisit(browser, stage.base, { size });
      await visit.signIn();
      for (const path of pages) {
        await visit.open(path);
        await visit.page.getByText(AWAY).waitFor();
        expect(await visit.page.getByText("No data in this window").count(), path).toBe(0);
        expect(await visit.page.getByText("No probes from this server").count(), path).toBe(0);
      }
      await visit.open(pages[0] ?? "");
      await visit.page.getByText(AWAY).waitFor();
      expect(await visit.accessibilityProblems()).toEqual([]);
      await visit.picture(`history-away-${size}`);
      await visit.close();
    }
    const readiness = async (): Promise<unknown> => ((await (await fetch(`${stage.base}/readyz`)).json()) as { checks: unknown }).checks;
    await expect.poll(readiness).toMatchObject({ history: { ok: true, reason: "points wait: not reachable" } });

    const visit = await startVisit(browser, stage.base);
    await visit.signIn();
    await visit.open("/dashboard/settings?tab=about");
    await visit.page.getByText("VictoriaMetrics cannot be reached").waitFor();
    await visit.picture("history-away-settings");
    await visit.open(pages[0] ?? "");
    await visit.page.getByText(AWAY).waitFor();
    place = await openEmptyPlace(port);
    await visit.page.getByText(AWAY).waitFor({ state: "detached" });
    await visit.page.getByRole("region").first().waitFor();
    await visit.picture("history-back");
    await expect.poll(readiness).toMatchObject({ history: { ok: true } });
    await visit.close();
  } finally {
    await browser.close();
    await stage.close();
    place?.closeAllConnections();
    place?.close();
  }
}, 120_000);
