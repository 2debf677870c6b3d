import { expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { setScene } from "../scene.ts";

const scene = setScene({ agents: 3 });
const MAIN = /\/assets\/index-[^/]+\.js$/;

test.for(SIZE_NAMES)("what the dashboard drew stays where it is when the script comes (%s)", async (size) => {
  await scene.visit({ size, timezoneId: "Asia/Tokyo" }, async ({ page }) => {
    const scripts = Promise.withResolvers<void>();
    await page.route(MAIN, async (route) => {
      await scripts.promise;
      await route.continue();
    });
    await page.goto("/", { waitUntil: "commit" });
    const headline = await page.getByRole("heading", { level: 1 }).elementHandle();
    const card = await page.getByRole("article").nth(2).elementHandle();
    expect(await page.locator("footer").count()).toBe(0);
    scripts.resolve();
    await page.locator("footer").waitFor();
    expect(await page.locator("footer").innerText()).toContain("Asia/Tokyo");
    expect([await headline?.evaluate((node) => node.isConnected), await card?.evaluate((node) => node.isConnected)]).toEqual([true, true]);
    const before = await page.getByRole("article").nth(2).innerText();
    await expect.poll(() => page.getByRole("article").nth(2).innerText()).not.toBe(before);
  });
});

test("who chose another language, view or dark colours sees that, and never the other first", async () => {
  await scene.visit({ colorScheme: "dark" }, async ({ page }) => {
    await page.addInitScript(() => {
      localStorage.setItem("language", "de-DE");
      localStorage.setItem("wf-view", "table");
    });
    await page.goto("/");
    await page.getByRole("table").waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("de-DE");
    expect(await page.locator("html").getAttribute("class")).toBe("dark");
    expect(await page.locator("#root [lang='en-US'][dir]").count()).toBe(0);
  });
});

test("without a script there is a list with links, and a word about the rest", async () => {
  const { nameOf, agents } = scene.stage();
  const name = await nameOf(agents[0]);
  // The browser says so of every script that it does not run.
  await scene.visit({ javaScriptEnabled: false, expected: [/\.js csp$/] }, async ({ page }) => {
    await page.goto("/");
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toContain("3 servers are up");
    expect(await page.locator("noscript").innerText()).toContain("need JavaScript");
    await page.getByRole("article").getByRole("link", { name, exact: true }).click();
    expect(new URL(page.url()).pathname).toMatch(/^\/server\/\d+$/);
  });
});

test.for(SIZE_NAMES)("the console has its frame before its script, and gives it up for the page (%s)", async (size) => {
  await scene.visit({ size }, async ({ page, signIn }) => {
    await signIn();
    const scripts = Promise.withResolvers<void>();
    await page.route(MAIN, async (route) => {
      await scripts.promise;
      await route.continue();
    });
    await page.goto("/dashboard/servers", { waitUntil: "commit" });
    const frame = page.locator(".wf-frame");
    await frame.waitFor();
    scripts.resolve();
    await page.getByRole("heading", { level: 1, name: "Servers" }).waitFor();
    expect(await frame.isVisible()).toBe(false);

    await page.goto("/dashboard/login", { waitUntil: "commit" });
    await page.locator("main").waitFor();
    expect(await frame.isVisible()).toBe(false);
  });
});
