import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { createLooks } from "../look.ts";
import { pressOnRow } from "../row-actions.ts";
import { setScene } from "../scene.ts";

const scene = setScene({ agents: 2 });
const looks = createLooks();

/** A kind of row: how one is made, changed and deleted by its page. */
interface Journey {
  readonly path: string;
  readonly list: string;
  readonly add: string;
  /** Fills the form of a new row called `name`. */
  fill(page: Page, name: string): Promise<void>;
  /** What a stored row has to hold after that. */
  readonly stored: object;
}

const journeys: Readonly<Record<string, Journey>> = {
  service: {
    path: "/dashboard/service",
    list: "/service/list",
    add: "Add service",
    fill: async (page) => {
      await page.getByLabel("Target").fill("https://example.com/health");
      await page.getByRole("button", { name: "Only these" }).click();
      await page.getByRole("checkbox").first().check();
    },
    stored: { type: 1, target: "https://example.com/health", duration: 30, cover: 1, skip_servers: { "1": true } },
  },
  task: {
    path: "/dashboard/cron",
    list: "/cron",
    add: "Add task",
    fill: async (page) => {
      await page.getByLabel("Command").fill("uptime");
      await page.getByRole("button", { name: "Every hour" }).click();
      await page.getByRole("button", { name: "All servers, except" }).click();
    },
    stored: { task_type: 0, scheduler: "0 0 * * * *", command: "uptime", cover: 1 },
  },
  tunnel: {
    path: "/dashboard/nat",
    list: "/nat",
    add: "Add tunnel",
    fill: async (page, name) => {
      await page.getByLabel("Server", { exact: true }).selectOption({ index: 1 });
      await page.getByLabel("Address there").fill("127.0.0.1:5000");
      await page.getByLabel("Domain").fill(`${name.toLowerCase().replaceAll(" ", "-")}.example.com`);
    },
    stored: { enabled: true, server_id: 1, host: "127.0.0.1:5000" },
  },
  profile: {
    path: "/dashboard/ddns",
    list: "/ddns",
    add: "Add profile",
    fill: async (page) => {
      await page.getByLabel("Provider").selectOption("he");
      await page.getByLabel("Password").fill("secret");
      await page.getByLabel("Domains").fill("a.example.com, b.example.com");
    },
    stored: { provider: "he", domains: ["a.example.com", "b.example.com"], max_retries: 3, enable_ipv4: true },
  },
  rule: {
    path: "/dashboard/alert-rule",
    list: "/alert-rule",
    add: "Add rule",
    fill: async (page) => {
      await page.getByLabel("Value").selectOption("memory");
      await page.getByLabel("Limit").fill("92.5");
      await page.getByRole("button", { name: "Add condition" }).click();
      await page.getByLabel("Value").last().selectOption("net_out_speed");
      await page.getByLabel("Limit").last().fill("1.5");
      await page.getByRole("button", { name: "JSON" }).click();
      expect(await page.getByLabel("Conditions").inputValue()).toContain('"max": 92.5');
      await page.getByRole("button", { name: "Form" }).click();
      await page.getByLabel("For", { exact: true }).first().fill("5");
    },
    stored: {
      enable: true,
      trigger_mode: 1,
      rules: [
        { type: "memory", max: 92.5, duration: 100, cover: 0 },
        { type: "net_out_speed", max: 1.5 * 1024 ** 2, duration: 40, cover: 0 },
      ],
    },
  },
};

const cases = Object.entries(journeys).flatMap(([kind, journey]) => SIZE_NAMES.map((size) => [kind, size, journey] as const));

test.for(cases)("a %s is made, changed and deleted by its page (%s)", async ([kind, size, journey]) => {
  const { admin } = scene.stage();
  const name = `First ${kind} ${size}`;
  await scene.visit({ size }, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open(journey.path);
    await page.getByRole("button", { name: journey.add }).first().click();
    const editor = page.getByRole("dialog", { name: journey.add });
    await editor.getByRole("button", { name: "Create" }).click();
    await editor.getByText("Write something here").first().waitFor();
    await looks.at(visit, `${kind}-wrong-${size}`);
    await editor.getByLabel("Name", { exact: true }).fill(name);
    await journey.fill(page, name);
    await editor.getByRole("button", { name: "Create" }).click();
    await editor.waitFor({ state: "detached" });
    const rows = await admin.get<{ id: number; name: string }[]>(journey.list);
    expect(rows).toMatchObject([{ name, ...journey.stored }]);
    await looks.at(visit, `${kind}-list-${size}`);

    await open(`${journey.path}?edit=${rows[0]?.id}`);
    const opened = page.getByRole("dialog");
    await opened.getByLabel("Name", { exact: true }).fill(`${name}, changed`);
    await opened.getByRole("button", { name: "Save" }).click();
    await opened.waitFor({ state: "detached" });
    expect(await admin.get(journey.list)).toMatchObject([{ name: `${name}, changed`, ...journey.stored }]);

    await pressOnRow(page, `${name}, changed`, `Delete ${name}, changed`);
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await admin.get(journey.list)).toEqual([]);
  });
});

test("no page of a resource has a finding of axe or is too wide", () => {
  expect(looks.findings).toEqual([]);
});

const receiver = createServer((_request, response) => response.end("ok"));
beforeAll(() => new Promise<void>((resolve) => void receiver.listen(0, "127.0.0.1", resolve)));
afterAll(() => void receiver.close());

test("a channel and its group are made; what is stored is not shown; a refused test is told in the dashboard's words", async () => {
  const { admin } = scene.stage();
  const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/notification?edit=new");
    await page.getByLabel("Name", { exact: true }).fill("Bot");
    await page.getByLabel("Address").fill(address);
    await page.getByText("Placeholders", { exact: true }).click();
    await page.getByRole("button", { name: "Insert #SERVER.NAME#" }).click();
    const body = page.getByLabel("Body", { exact: true });
    expect(await body.inputValue()).toBe('{"text":"#NEZHA#"}#SERVER.NAME#');
    await body.fill('{"text":"#SERVER.NAME#: #NEZHA#"}');
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("alert").getByText("HTTP URL target is not allowed").waitFor();
    await page.getByRole("switch", { name: /Send a test message/ }).uncheck();
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await admin.get("/notification")).toMatchObject([{ name: "Bot", request_method: 2, request_type: 1, verify_tls: true }]);

    await page.getByRole("button", { name: "Send test: Bot" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Send test" }).click();
    await page.getByRole("alert").getByText("HTTP URL target is not allowed").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();

    await page.getByRole("link", { name: "Groups", exact: true }).last().click();
    await page.getByRole("button", { name: "Add group" }).first().click();
    await page.getByLabel("Name", { exact: true }).fill("On-call");
    await page.getByRole("checkbox", { name: "Bot" }).check();
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("row").filter({ hasText: "On-call" }).getByText("Bot").waitFor();
  });
});

test("a task runs now on the servers it names", async () => {
  const stage = scene.stage();
  await stage.admin.post("/cron", { name: "Check", task_type: 0, scheduler: "0 0 3 * * *", command: "uptime", cover: 0, servers: [1] });
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/cron");
    await page.getByRole("button", { name: "Run now: Check" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Run now" }).click();
    const first = (await stage.admin.get<{ id: number; uuid: string }[]>("/server")).find(({ id }) => id === 1);
    const task = await stage.agents.find(({ uuid }) => uuid === first?.uuid)?.nextTask(4);
    expect(new TextDecoder().decode(Buffer.from(task?.data ?? ""))).toBe("uptime");
    await page.getByText("Check: sent to its servers.").waitFor();
  });
});
