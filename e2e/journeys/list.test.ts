import { describe, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { setScene } from "../scene.ts";

/** A server counts as offline thirty seconds after its last report. */
const OFFLINE_MS = 45_000;

const scene = setScene({ agents: 4 });

describe.concurrent("the list of servers", () => {
  test.for(SIZE_NAMES)("numbers change, servers come and go, without a reload (%s)", async (size, { expect }) => {
    await scene.visit({ size }, async ({ page, open }) => {
      const stage = scene.stage();
      await open("/");
      const name = await stage.nameOf(stage.agents[0]);
      const card = page.getByRole("article").filter({ hasText: name });
      await card.waitFor();
      const before = await card.innerText();
      await expect.poll(() => card.innerText()).not.toBe(before);

      const comer = await stage.addAgent();
      const comerName = await stage.nameOf(comer);
      const comerCard = page.getByRole("article").filter({ hasText: comerName });
      await comerCard.waitFor();
      comer.close();
      const offline = { timeout: OFFLINE_MS };
      await Promise.all([
        comerCard.getByText(/Offline for/).waitFor(offline),
        page
          .getByRole("heading", { level: 1 })
          .filter({ hasText: /offline/ })
          .waitFor(offline),
      ]);
      expect(await card.getByText(/Offline for/).count()).toBe(0);
    });
  });

  test.for(SIZE_NAMES)("a server's page shows what was recorded as charts (%s)", async (size, { expect }) => {
    await scene.visit({ size }, async ({ page, open }) => {
      const stage = scene.stage();
      const name = await stage.nameOf(stage.agents[1]);
      await open("/");
      await page.getByRole("link", { name, exact: true }).click();
      await page.getByRole("heading", { level: 1, name }).waitFor();
      const cpu = page.getByRole("region", { name: "CPU", exact: true }).getByRole("img");
      await page
        .getByRole("radio", { name: "Live" })
        .or(page.getByRole("button", { name: "Live" }))
        .click();
      await cpu.locator("canvas").waitFor();
      const id = /\/server\/(\d+)/.exec(page.url())?.[1];
      await expect
        .poll(
          async () => (await stage.admin.get<{ data_points: object[] }>(`/server/${id}/metrics?metric=cpu&period=1d`)).data_points.length,
          {
            timeout: 80_000,
            interval: 1_000,
          },
        )
        .toBeGreaterThan(1);
      await open(`/server/${id}?range=1h`);
      await cpu.locator("canvas").waitFor();
      expect(await cpu.getAttribute("aria-label")).toMatch(/CPU.* on average/);
    });
  });

  test.for(SIZE_NAMES)("the filter leaves the servers that match (%s)", async (size, { expect }) => {
    await scene.visit({ size }, async ({ page, open }) => {
      const stage = scene.stage();
      const name = await stage.nameOf(stage.agents[2]);
      await open("/");
      await page.getByRole("article").nth(3).waitFor();
      await page.getByRole("searchbox").fill(name);
      await expect.poll(() => page.getByRole("article").count()).toBe(1);
      expect(await page.getByRole("article").innerText()).toContain(name);
      await page.getByRole("searchbox").fill("no-server-has-this-name");
      await page.getByText("Nothing matches").waitFor();
    });
  });

  test("the key v shows the next view, except where something is written", async ({ expect }) => {
    await scene.visit({ size: "desktop" }, async ({ page, open }) => {
      await open("/?view=cards");
      await page.getByRole("article").first().waitFor();
      await page.keyboard.press("v");
      await page.getByRole("table").waitFor();
      expect(new URL(page.url()).searchParams.get("view")).toBe("table");
      await page.getByRole("searchbox").press("v");
      await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("v");
      expect(new URL(page.url()).searchParams.get("view")).toBe("table");
    });
  });
});
