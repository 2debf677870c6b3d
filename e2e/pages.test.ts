import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, startVisit } from "./browser.ts";
import { openStage } from "./stage.ts";
import type { Stage } from "./stage.ts";

let stage: Stage;
let browser: Browser;
beforeAll(async () => {
  stage = await openStage({ agents: 3 });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await stage.close();
});

test("scripted agents are servers", async () => {
  expect(await stage.admin.get<object[]>("/server")).toHaveLength(3);
});

test.each([
  ["/", "public"],
  ["/dashboard/login", "sign-in"],
])("%s opens without a complaint of the browser or of axe", async (path, name) => {
  const visit = await startVisit(browser, stage.base);
  await visit.open(path);
  await visit.page.locator("main").first().waitFor();
  await visit.picture(name);
  expect(await visit.accessibilityProblems()).toEqual([]);
  await visit.close();
});
