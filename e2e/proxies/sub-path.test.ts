import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser } from "../browser.ts";
import { openDashboard } from "../dashboard.ts";
import type { Dashboard } from "../dashboard.ts";

/** Another site, which hands what lies below a path of it to the dashboard, with that path or without. */
const PATH = "/monitor";
let cutsOff: boolean;
let dashboard: Dashboard;
let browser: Browser;
let origin: string;
const site = createServer((incoming, response) => {
  const { url = "/", headers } = incoming;
  if (!url.startsWith(`${PATH}/`)) return void response.writeHead(404, { "content-type": "text/html" }).end("<h1>another site</h1>");
  const forwarded = request(
    `${dashboard.base}${cutsOff ? url.slice(PATH.length) : url}`,
    { headers: { ...headers, host: dashboard.target } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  forwarded.end();
});
beforeAll(async () => {
  dashboard = await openDashboard();
  browser = await openBrowser();
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await browser.close();
  site.closeAllConnections();
  site.close();
  await dashboard.close();
});

const textAt = async (address: string): Promise<string> => {
  const page = await browser.newPage();
  try {
    await page.goto(address, { waitUntil: "load" });
    return await page.locator("[role=alert]").first().innerText({ timeout: 3_000 });
  } catch {
    return "";
  } finally {
    await page.close();
  }
};

test.each([
  ["cuts the path off", true, "/monitor/"],
  ["cuts the path off, the console", true, "/monitor/dashboard/"],
  ["leaves the path, so that the dashboard knows no such page", false, "/monitor/"],
])("below a path of another site it says what to do: a proxy that %s", async (_, cuts, path) => {
  cutsOff = cuts;
  expect(await textAt(origin + path)).toContain("give it a sub-domain in the reverse proxy");
});

test.each(["/", "/dashboard/", "/no/such/page"])("at its own place %s it says nothing of the kind", async (path) => {
  expect(await textAt(dashboard.base + path)).not.toContain("sub-domain");
});
