import { request } from "node:http";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { openMailbox } from "../mailbox.ts";
import type { Mailbox } from "../mailbox.ts";
import { setScene } from "../scene.ts";

const scene = setScene({ agents: 2, config: 'outbound_allow: ["127.0.0.1"]\ndashboard_host: dashboard.example.org\n' });
/** News are gathered for half a minute. */
const MAIL_MS = 60_000;
const OWN_HOST = "status.example.org";

let mailbox: Mailbox;
beforeAll(async () => void (mailbox = await openMailbox()));
afterAll(() => mailbox.close());

interface Row {
  readonly id: number;
}

/** What the dashboard answers at a host of the page's own. */
function at(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(scene.stage().base + path, { headers: { host: OWN_HOST } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** The path of a link in a mail: its host is the page's own, which nobody has here. */
function linkIn(mail: string | undefined, action: string): string {
  const [, path] = new RegExp(`(/${action}/[\\w.-]+)`).exec(mail ?? "") ?? [];
  if (path === undefined) throw new Error(`no ${action} in: ${mail}`);
  return `/status/main${path}`;
}

test("a page is made and put on a host; an incident of the engine becomes one of the page, is told, and ends", async () => {
  const { admin, agents } = scene.stage();
  const servers = await admin.get<Row[]>("/server");
  const parts = servers.map(({ id }, at_) => ({ kind: "server", id, name: `Place ${at_ + 1}` }));
  const page = await admin.post<number>("/status-page", {
    slug: "main",
    title: "Fleet",
    published: true,
    subscribe_email: true,
    groups: [{ name: "Places", parts }],
  });
  const settings = { host: "127.0.0.1", port: mailbox.port, security: "none", from: "Fleet <fleet@example.org>", to: "ops@example.org" };
  const channel_id = await admin.post<number>("/notification-channel", { name: "Mail", kind: "email", settings, skip_check: true });
  await admin.patch(`/status-page/${page}/delivery`, { domain: OWN_HOST, channel_id, export: {} });
  expect([await at("/"), await at("/feed.rss"), await at("/dashboard/"), await at("/api/v1/setting")]).toEqual([200, 200, 404, 404]);

  // Somebody asks for news, without a script.
  await scene.visit({ javaScriptEnabled: false }, async ({ page: tab, open }) => {
    await open("/status/main");
    await tab.getByRole("heading", { level: 1, name: "Everything works" }).waitFor();
    await tab.getByLabel("E-mail address").fill("reader@example.com");
    await tab.getByRole("button", { name: "Subscribe" }).click();
    await tab.getByText("Look into your mailbox").waitFor();
    await vi.waitFor(() => expect(mailbox.mails()).toHaveLength(1), MAIL_MS);
    await open(linkIn(mailbox.mails()[0], "confirm"));
    await tab.getByRole("button", { name: "Yes, send them" }).click();
    await tab.getByText("From now on you get updates.").waitFor();
  });

  await admin.post("/alert-rule", { name: "Gone", enable: true, rules: [{ type: "offline", duration: 3, cover: 0 }] });
  agents[0]?.close();
  const incident = await vi.waitFor(async () => {
    const [first] = await admin.get<Row[]>("/incident?open=true");
    if (first === undefined) throw new Error("nothing failed yet");
    return first;
  }, MAIL_MS);
  const draft = await admin.get<{ affected: object[] }>(`/page-incident/draft?page_id=${page}&incident_id=${incident.id}`);
  expect(draft.affected).toHaveLength(1);
  const id = await admin.post<number>("/page-incident", { ...draft, title: "A place is away", text: "We look.", notify: true });
  await admin.post(`/page-incident/${id}/update`, {
    status: "identified",
    text: "A cable was **cut**.\n\n- look for `it`\n- mend it",
    notify: true,
  });

  for (const size of SIZE_NAMES) {
    await scene.visit({ size }, async ({ page: tab, open, picture, accessibilityProblems }) => {
      await open("/status/main");
      await tab.getByRole("heading", { name: "A place is away" }).first().waitFor();
      await tab.getByText("A cable was cut.").waitFor();
      const entry = tab.locator(".md li").filter({ hasText: "look for it" });
      expect(await entry.evaluate((item) => getComputedStyle(item).display)).toBe("list-item");
      expect(await accessibilityProblems()).toEqual([]);
      expect(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      await picture(`status-page-${size}`);
    });
  }
  await admin.post(`/page-incident/${id}/update`, { status: "resolved", text: "It is back.", notify: true });
  const feed = await (await fetch(`${scene.stage().base}/status/main/feed.rss`)).text();
  expect(feed).toContain("Resolved: A place is away");

  await vi.waitFor(() => expect(mailbox.mails()).toHaveLength(2), MAIL_MS);
  const [, news] = mailbox.mails();
  expect(news).toContain("Subject: 3 updates of Fleet");
  expect(news).toContain("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
  const ended = await fetch(scene.stage().base + linkIn(news, "unsubscribe"), { method: "POST", body: "List-Unsubscribe=One-Click" });
  expect(await ended.text()).toContain("You get no more updates.");
  expect(await admin.get(`/page-subscriber?page_id=${page}`)).toEqual([]);
}, 180_000);
