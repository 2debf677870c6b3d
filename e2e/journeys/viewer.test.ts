import type { Page, Request } from "playwright-core";
import { beforeAll, expect, test, vi } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { setScene } from "../scene.ts";

const VIEWER = { username: "vera", password: "vera's own password" };
/** What is there for those who only read, with everything that opens by an address. */
const READABLE = [
  "",
  "servers",
  "servers?s=1",
  "servers?s=1&t=history",
  "service",
  "server-group",
  "settings/api-tokens",
  "incident",
  "incident/1",
  "incident-history",
  "profile",
];
/** What changes something, and what opens its forms. */
const CLOSED = [
  "alert-rule?edit=new",
  "snooze?snooze=new",
  "maintenance-window",
  "transfer",
  "cron",
  "cron-run",
  "notification",
  "notification-group",
  "delivery",
  "report",
  "ddns",
  "nat",
  "enrolment",
  "terminal/1",
  "files/1",
];
const FOR_ADMINISTRATORS = ["settings", "settings/user", "settings/waf", "settings/online-user", "audit"];
/** Addresses that would open what is not theirs on a page that is. */
const BY_HAND = [
  "servers?add=1",
  "servers?s=1&t=settings",
  "servers?s=1&t=agent",
  "server-group?edit=1",
  "incident?ack=1",
  "incident?snooze=new",
];

const scene = setScene({ agents: 2 });
beforeAll(async () => {
  const { admin } = scene.stage();
  await admin.post("/user", { ...VIEWER, role: 1, access: "viewer", servers: [1, 2] });
  await admin.post("/server-group", { name: "Europe", servers: [1, 2] });
  await admin.post("/alert-rule", {
    name: "Busy",
    enable: true,
    rules: [{ type: "cpu", max: 0.1, duration: 3, cover: 0 }],
    fail_trigger_tasks: [],
    recover_trigger_tasks: [],
  });
  const incidents = async () => expect((await admin.get<unknown[]>("/incident")).length).toBe(2);
  await vi.waitFor(incidents, { timeout: 60_000, interval: 500 });
}, 90_000);

/** Refusals that the dashboard answers the page with, and changes that the page asks for. */
function refusalsOf(page: Page): readonly string[] {
  const found: string[] = [];
  page.on("response", async (response) => {
    if (!response.url().includes("/api/v1/")) return;
    const text = await response.text().catch(() => "");
    if (text.includes('"success":false')) found.push(`${response.request().method()} ${response.url()}: ${text}`);
  });
  return found;
}

/** Waits until the page has asked everything that it was going to ask, and was answered: two frames without an open request. */
function answersOf(page: Page): () => Promise<void> {
  const open = new Set<Request>();
  page.on("request", (request) => open.add(request));
  page.on("requestfinished", (request) => open.delete(request));
  page.on("requestfailed", (request) => open.delete(request));
  const twoFrames = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return async () => {
    do {
      await twoFrames();
      await expect.poll(() => [...open].map((request) => request.url()), { interval: 10 }).toEqual([]);
      await twoFrames();
    } while (open.size > 0);
  };
}

/** Presses every button of the page but those that sort, with what it opens: menus and questions. */
async function pressEverything(page: Page, arrive: () => Promise<void>, answered: () => Promise<void>): Promise<void> {
  const drawer = (await page.locator("dialog[open]").count()) > 0 ? "dialog[open]" : "main";
  const buttons = page.locator(`${drawer} button:visible:not(th button)`);
  const address = page.url();
  const count = await buttons.count();
  for (let at = 0; at < count; at += 1) {
    const button = buttons.nth(at);
    if (!(await button.isVisible()) || (await button.isDisabled())) continue;
    await button.click();
    for (const choice of await page.locator("[popover]:popover-open > button:visible").all()) await choice.click();
    const answers = page.locator("dialog[open] button[type=submit]:visible");
    for (const answer of await answers.all()) await answer.click();
    await answered();
    const opened = (await page.locator("dialog[open], [popover]:popover-open").count()) > 0;
    if (page.url() !== address || opened !== (drawer !== "main")) await arrive();
  }
}

test.for(SIZE_NAMES)("a viewer meets no button that is refused (%s)", { timeout: 240_000 }, async (size) => {
  await scene.visit({ size }, async ({ page, open, signIn }) => {
    const refused = refusalsOf(page);
    const answered = answersOf(page);
    await signIn(VIEWER);
    for (const path of READABLE) {
      const arrive = async (): Promise<void> => {
        await open(`/dashboard/${path}`);
        await page.locator(".wf-skeleton").first().waitFor({ state: "detached" });
        await page.getByRole("heading", { level: 1 }).waitFor();
        // The drawer of a server is loaded when it is first opened.
        if (path.includes("?s=")) await page.locator("dialog[open]").waitFor();
      };
      await arrive();
      // The own account is the viewer's to change.
      if (path !== "profile") await pressEverything(page, arrive, answered);
    }
    expect(refused).toEqual([]);
  });
});

test("what is not for viewers says so, and asks nothing that would be refused", { timeout: 120_000 }, async () => {
  await scene.visit({}, async ({ page, open, signIn }) => {
    const refused = refusalsOf(page);
    await signIn(VIEWER);
    /** The page is called by its name, in the tab and as its heading. */
    const isNamed = async (): Promise<void> => {
      const name = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
      expect(name).not.toBe("");
      await expect.poll(async () => (await page.title()).split(" · ")[0]).toBe(name);
    };
    for (const path of CLOSED) {
      await open(`/dashboard/${path}`);
      await page.getByText("Your account reads and changes nothing").waitFor();
      await isNamed();
    }
    for (const path of FOR_ADMINISTRATORS) {
      await open(`/dashboard/${path}`);
      await page.getByText("Only administrators can see this").waitFor();
      await isNamed();
    }
    for (const path of BY_HAND) {
      await open(`/dashboard/${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect(await page.locator("[role=dialog] form, dialog form").count()).toBe(0);
    }
    expect(refused).toEqual([]);
  });
});

test("the navigation and the palette of a viewer lead to what can be read alone", async () => {
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn(VIEWER);
    await open("/dashboard/");
    const navigation = page.getByRole("navigation", { name: "Console" }).filter({ visible: true });
    await navigation.getByRole("link", { name: "Servers" }).waitFor();
    const names = await navigation.getByRole("link").allTextContents();
    for (const name of ["Home", "Servers", "Services", "Alerts", "Groups", "Tokens"]) expect(names).toContain(name);
    for (const name of ["Tasks", "Notifications", "Users", "Settings", "Transfers"]) expect(names).not.toContain(name);

    await page.keyboard.press("Control+k");
    const options = page.getByRole("option");
    await options.first().waitFor();
    const entries = await options.allTextContents();
    expect(entries.filter((entry) => /Action|Terminal|Files|Setting/.test(entry))).toEqual([]);
  });
});

test("a viewer to whom nothing is open is told what would be here and who opens it", async () => {
  const account = { username: "nora", password: "nora's own password" };
  await scene.stage().admin.post("/user", { ...account, role: 1, access: "viewer" });
  await scene.visit({}, async ({ page, open, signIn, accessibilityProblems }) => {
    await signIn(account);
    await open("/dashboard/");
    await page.getByRole("heading", { name: "No servers yet" }).waitFor();
    await page.getByText("Here you see how the servers are that are opened to you").waitFor();
    await page.getByText("An administrator can do so under Users.").waitFor();
    expect(await page.getByText("First steps").count()).toBe(0);
    expect(await accessibilityProblems()).toEqual([]);
  });
});
