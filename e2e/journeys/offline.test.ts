import { createFakeAgent } from "@windfire/testkit";
import { expect, test } from "vitest";
import { openBrowser, startVisit, WHILE_AWAY } from "../browser.ts";
import { createApi } from "../api.ts";
import { ADMIN, openDashboard } from "../dashboard.ts";
import { uuidOf } from "../stage.ts";

test("without the dashboard the page shows what was last known to guests, and from when it is", async () => {
  const dashboard = await openDashboard();
  const browser = await openBrowser();
  try {
    const agents = [1, 2].map((number) =>
      createFakeAgent({ target: dashboard.target, secret: dashboard.agentSecret, uuid: uuidOf(number) }),
    );
    for (const agent of agents) {
      await agent.connect();
      await agent.report();
    }
    const admin = await createApi(dashboard.base, ADMIN);
    const servers = await admin.get<{ id: number; name: string }[]>("/server");
    const [shown, hidden] = servers.toSorted((a, b) => a.id - b.id);
    await admin.patch(`/server/${hidden?.id}`, { name: "of-the-owner", hide_for_guest: true });

    const visit = await startVisit(browser, dashboard.base, { serviceWorkers: "allow", expected: WHILE_AWAY });
    const { page } = visit;
    await visit.signIn();
    await visit.open("/");
    await page.getByRole("article").filter({ hasText: "of-the-owner" }).waitFor();
    const kept = async (): Promise<{ pages: string[]; assets: number; text: string }> =>
      page.evaluate(async () => {
        const names = await caches.keys();
        const urls = await Promise.all(
          names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)),
        );
        const text = (await (await caches.match("/"))?.text()) ?? "";
        const all = urls.flat();
        return { pages: all.filter((path) => !path.startsWith("/assets/")), assets: all.length, text };
      });
    await expect.poll(async () => (await kept()).assets).toBeGreaterThan(3);
    const { pages, text } = await kept();
    expect(pages).toEqual(["/"]);
    expect(text).toContain(shown?.name);
    expect(text).not.toContain("of-the-owner");

    for (const agent of agents) agent.close();
    await dashboard.stop();
    await page.goto("/server/1");
    await page.getByText("The connection is lost.").waitFor();
    await page.getByText(/Showing values of \d\d:\d\d:\d\d, \d+ (s|min) old/).waitFor();
    await page
      .getByRole("article")
      .filter({ hasText: shown?.name ?? "" })
      .waitFor();
    await visit.picture("public-offline");

    await dashboard.start();
    await page.getByRole("heading", { level: 1, name: shown?.name ?? "" }).waitFor({ timeout: 40_000 });
    expect(await page.getByText("The connection is lost.").count()).toBe(0);
    await visit.close();
  } finally {
    await browser.close();
    await dashboard.close();
  }
}, 90_000);
