import type { FakeAgent, FakeIoStream } from "@windfire/testkit";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { VisitOptions } from "../browser.ts";
import { setScene } from "../scene.ts";

/**
 * What people and agents may call things is shown as the text it is. The browsers of this file do not heed the pages' policy for scripts:
 * it is the second wall, and this is about the first one.
 */
const SCRIPT = `<img src=x onerror="ran(1)"><script>ran(2)</script><svg onload=ran(3)>"'--></title></script><b id=injected>`;
const LAWLESS = { bypassCSP: true } satisfies VisitOptions;
const TERMINAL = 8;
const scene = setScene({ agents: 1, host: { platform: SCRIPT, cpu: [SCRIPT], virtualization: SCRIPT, gpu: [SCRIPT] } });
const ran: unknown[] = [];

beforeAll(async () => {
  const { admin } = scene.stage();
  const note = { public_note: SCRIPT, note: SCRIPT };
  await admin.patch("/server/1", { name: SCRIPT, ...note });
  await admin.post("/user", { username: SCRIPT, password: "member-password", role: 1 });
  await admin.post("/server-group", { name: SCRIPT, servers: [1] });
  const webhook = { url: "https://example.com/", request_method: 1, request_type: 1, skip_check: true };
  const channel = await admin.post<number>("/notification", { name: SCRIPT, ...webhook });
  await admin.post("/notification-group", { name: SCRIPT, notifications: [channel] });
  await admin.post("/service", {
    name: SCRIPT,
    type: 1,
    target: `https://example.com/?${SCRIPT.replaceAll(" ", "%20")}`,
    cover: 0,
    duration: 30,
  });
  await admin.post("/cron", { name: SCRIPT, task_type: 0, scheduler: "0 0 3 * * *", command: SCRIPT, cover: 1, servers: [] });
  await admin.post("/alert-rule", { name: SCRIPT, enable: true, rules: [{ type: "offline", duration: 10, cover: 0 }] });
  const groups = [{ name: SCRIPT, parts: [{ kind: "service", id: 1 }] }];
  await admin.post("/status-page", { slug: "script", title: SCRIPT, published: true, intro: SCRIPT, footer: SCRIPT, groups });
  await admin.post("/page-incident", { page_id: 1, title: SCRIPT, text: SCRIPT });
  const plan = { kind: "once", from: "2030-01-01T00:00:00Z", to: "2030-01-02T00:00:00Z" };
  await admin.post("/maintenance-window", { name: SCRIPT, enable: true, plan, servers: [1] });
  await admin.post("/cron/1/manual", {});
  await admin.post("/nat", { name: SCRIPT, server_id: 1, host: "127.0.0.1:80", domain: "t.example.com" });
  await admin.post("/ddns", { name: SCRIPT, provider: "dummy", max_retries: 3, domains: ["d.example.com"] });
  await admin.post("/api-tokens", { name: SCRIPT, scopes: ["nezha:cron:read"] });
  await admin.patch("/setting", { site_name: SCRIPT, language: "en_US", user_template: "user-dist", admin_template: "admin-dist" });
});

/** Pages that show names; opened rows have them in a form as well. */
const GUESTS_PAGES = ["/", "/server/1", "/service", "/service/1", "/status/script", "/dashboard/login"];
const LISTS = ["service", "status-page", "alert-rule", "server-group", "cron", "notification", "notification-group", "ddns", "nat"];
const CONSOLE_PAGES = [
  "",
  "servers",
  "servers?s=1",
  "transfer",
  "settings",
  "settings/user",
  "settings/api-tokens",
  "audit",
  "cron-run",
  "maintenance-window",
  "status-page/1/incident",
  ...LISTS.flatMap((list) => [list, `${list}?edit=1`]),
].map((page) => `/dashboard/${page}`);

async function listen(page: Page): Promise<void> {
  await page.exposeFunction("ran", (what: unknown) => void ran.push(what));
}

/** Whether a text is read somewhere, in a field or in the title too, and nothing of it has become an element. */
async function isText(page: Page, text: string): Promise<{ shown: boolean; elements: number }> {
  return page.evaluate((wanted) => {
    const fields = [...document.querySelectorAll<HTMLInputElement>("input, textarea")].map(({ value }) => value);
    const texts = [document.body.textContent, document.title, ...fields];
    return { shown: texts.some((each) => each.includes(wanted)), elements: document.querySelectorAll("#injected").length };
  }, text);
}

/** Those of the paths that do not show the script as text, with what they show. */
async function wrongPages(page: Page, open: (path: string) => Promise<void>, paths: readonly string[]): Promise<unknown[]> {
  const wrong: unknown[] = [];
  for (const path of paths) {
    await open(path);
    await expect
      .poll(() => isText(page, SCRIPT))
      .toEqual({ shown: true, elements: 0 })
      .catch((error: unknown) => wrong.push([path, error]));
    if (ran.length > 0) wrong.push([path, ran.splice(0)]);
  }
  return wrong;
}

test("names, notes and what agents say are text to guests", async () => {
  await scene.visit(LAWLESS, async ({ page, open }) => {
    await listen(page);
    expect(await wrongPages(page, open, GUESTS_PAGES)).toEqual([]);
  });
});

test("so they are on every page of the console", async () => {
  await scene.visit(LAWLESS, async ({ page, open, signIn }) => {
    await listen(page);
    await signIn();
    expect(await wrongPages(page, open, CONSOLE_PAGES)).toEqual([]);
  });
});

test("so they are in the palette and in questions", async () => {
  await scene.visit(LAWLESS, async ({ page, open, signIn }) => {
    await listen(page);
    await signIn();
    await open("/dashboard/nat");
    await page.getByRole("button", { name: `Delete ${SCRIPT}` }).click();
    await page.getByRole("dialog").getByText(SCRIPT).first().waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Go to" }).fill("onerror");
    await page.getByRole("option").filter({ hasText: SCRIPT }).first().waitFor();
    expect(await isText(page, SCRIPT)).toEqual({ shown: true, elements: 0 });
    expect(ran).toEqual([]);
  });
});

async function shellOf(agent: FakeAgent | undefined): Promise<FakeIoStream> {
  const task = await agent?.nextTask(TERMINAL);
  const { StreamID } = JSON.parse(String(task?.data)) as { StreamID: string };
  if (agent === undefined) throw new Error("there is no agent");
  return agent.openIoStream(StreamID);
}

test("what a host prints, calls its window or links to is text in a terminal", async () => {
  await scene.visit(LAWLESS, async ({ page, open, signIn }) => {
    await listen(page);
    await signIn();
    await open("/dashboard/terminal/1");
    const shell = await shellOf(scene.stage().agents[0]);
    await shell.next();
    shell.write(`\u001b]0;${SCRIPT}\u0007\u001b]2;${SCRIPT}\u001b\\`);
    shell.write(`\u001b]8;;javascript:ran(4)\u001b\\click here\u001b]8;;\u001b\\\r\n${SCRIPT}\r\nend of it\r\n`);
    await page.locator(".xterm-rows").getByText("end of it").waitFor();
    const questions: string[] = [];
    page.on("dialog", (dialog) => void (questions.push(dialog.message()), dialog.accept()));
    const link = await page.locator(".xterm-rows").getByText("click here").boundingBox();
    const at = [(link?.x ?? 0) + 5, (link?.y ?? 0) + 5] as const;
    await page.mouse.move(...at);
    await page.mouse.click(...at);
    expect([questions, page.context().pages().length, await page.title()]).toEqual([[], 1, expect.not.stringContaining("onerror=1")]);
    expect(await isText(page, "onerror=")).toEqual({ shown: true, elements: 0 });
    expect(ran).toEqual([]);
  });
});
