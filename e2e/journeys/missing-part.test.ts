import { createFakeAgent } from "@windfire/testkit";
import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { openBrowser, startVisit, WHILE_AWAY } from "../browser.ts";
import { openDashboard } from "../dashboard.ts";
import { uuidOf } from "../stage.ts";

/** Whether the page is still the one that {@link mark} was called on. */
const isMarked = (page: Page) => page.evaluate(() => "marked" in globalThis);
const mark = (page: Page) => page.evaluate(() => void Object.assign(globalThis, { marked: true }));

test("a page that cannot be fetched while the dashboard is away says so in its place, and comes when it is tried again", async () => {
  const dashboard = await openDashboard();
  const browser = await openBrowser();
  try {
    const agent = createFakeAgent({ target: dashboard.target, secret: dashboard.agentSecret, uuid: uuidOf(1) });
    await agent.connect();
    await agent.report();
    const console = await startVisit(browser, dashboard.base, { expected: WHILE_AWAY });
    await console.signIn();
    await console.open("/dashboard/");
    const site = await startVisit(browser, dashboard.base, { expected: WHILE_AWAY });
    await site.open("/");
    const server = site.page.getByRole("article").getByRole("link").first();
    await server.waitFor();
    const name = (await server.textContent()) ?? "";
    agent.close();
    for (const { page } of [console, site]) await mark(page);

    await dashboard.stop();
    await console.page.getByRole("link", { name: "Tasks", exact: true }).click();
    await server.click();
    for (const visit of [console, site]) {
      await visit.page.getByRole("heading", { level: 1, name: "The dashboard does not answer" }).waitFor();
      expect(await isMarked(visit.page)).toBe(true);
    }
    expect(new URL(console.page.url()).pathname).toBe("/dashboard/cron");
    expect(await console.page.getByRole("link", { name: "Tasks", exact: true }).getAttribute("aria-current")).toBe("page");
    await console.picture("console-missing-part");
    await site.picture("public-missing-part");
    await console.page.getByRole("button", { name: "Try again" }).click();
    await console.page.getByRole("heading", { level: 1, name: "The dashboard does not answer" }).waitFor();

    await dashboard.start();
    await console.page.getByRole("button", { name: "Try again" }).click();
    await console.page.getByRole("button", { name: "Add task" }).first().waitFor();
    await site.page.getByRole("button", { name: "Try again" }).click();
    await site.page.getByRole("heading", { level: 1, name }).waitFor();
    // The charts' style sheet, which did not come either.
    await expect
      .poll(() => site.page.evaluate(() => [...document.styleSheets].some(({ href }) => href?.includes("time-chart"))))
      .toBe(true);
    for (const visit of [console, site]) {
      expect(await isMarked(visit.page)).toBe(true);
      await visit.close();
    }
  } finally {
    await browser.close();
    await dashboard.close();
  }
}, 90_000);
