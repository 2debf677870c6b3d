import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { createLooks } from "../look.ts";
import { pressOnRow } from "../row-actions.ts";
import { setScene } from "../scene.ts";

const scene = setScene({ agents: 1 });
const looks = createLooks();
const receiver = createServer((_request, response) => response.end("ok"));
beforeAll(() => new Promise<void>((resolve) => void receiver.listen(0, "127.0.0.1", resolve)));
afterAll(() => void receiver.close());
/** An address that the dashboard does not call: it is on the machine itself. */
const address = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;

test.for(SIZE_NAMES)(
  "a channel of a kind: its form, its preview, its test; secrets stay where they are (%s)",
  { timeout: 120_000 },
  async (size) => {
    const { admin } = scene.stage();
    const name = `Ops ${size}`;
    const mine = async () =>
      (await admin.get<{ id: number; name: string }[]>("/notification-channel")).filter((row) => row.name.startsWith(name));
    await scene.visit({ size }, async (visit) => {
      const { page, open, signIn } = visit;
      await signIn();
      await open("/dashboard/notification?edit=new");
      const editor = page.getByRole("dialog", { name: "Add channel" });
      await editor.getByLabel("Kind").selectOption({ label: "Telegram" });
      await editor.getByRole("button", { name: "Create" }).click();
      await expect.poll(() => editor.getByText("Write something here").count()).toBe(3);
      await editor.getByLabel("Topic").fill("general");
      await editor.getByText("This does not have the right form").waitFor();
      await editor.getByLabel("Topic").fill("");
      await editor.getByLabel("Name", { exact: true }).fill(name);
      await editor.getByLabel("Bot token").fill("1:secret");
      await editor.getByLabel("Chat").fill("-100");
      await editor.getByLabel("Bot API server").fill(address());
      await editor.getByRole("button", { name: "Critical" }).click();
      await editor.getByLabel("Title").fill("Now: #SUMMARY#");
      await editor.getByRole("button", { name: "Preview" }).click();
      await editor
        .getByRole("figure", { name: "Preview" })
        .getByText(/^Now: /)
        .waitFor();
      await editor.getByRole("button", { name: "Send test" }).click();
      await editor.getByRole("alert").getByText("HTTP URL target is not allowed").waitFor();
      await looks.at(visit, `channel-${size}`);
      await editor.getByRole("switch", { name: /Send a test message/ }).uncheck();
      await editor.getByRole("button", { name: "Create" }).click();
      await editor.waitFor({ state: "detached" });
      const settings = { chat_id: "-100", thread_id: "", silent: false, server: address() };
      const stored = { kind: "telegram", settings, secrets: ["token"], options: { least_severity: "critical", title: "Now: #SUMMARY#" } };
      expect(await mine()).toMatchObject([{ name, ...stored }]);
      await page.getByRole("row").filter({ hasText: name }).getByText("Telegram").waitFor();
      await looks.at(visit, `channels-${size}`);

      await page.getByRole("button", { name, exact: true }).click();
      const opened = page.getByRole("dialog", { name: `Channel ${name}` });
      expect(await opened.getByLabel("Bot token").inputValue()).toBe("");
      await opened.getByLabel("Chat").fill("-200");
      await opened.getByRole("button", { name: "Save" }).click();
      await opened.waitFor({ state: "detached" });
      expect(await mine()).toMatchObject([{ name, ...stored, settings: { ...settings, chat_id: "-200" } }]);

      await pressOnRow(page, name, `Delete ${name}`);
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
      expect(await mine()).toEqual([]);
    });
  },
);

test("a channel that another program changed is said to be a plain request, and can be brought back", async () => {
  const { admin } = scene.stage();
  const settings = { token: "1:a", chat_id: "-1", server: address() };
  const id = await admin.post<number>("/notification-channel", { name: "Moved", kind: "telegram", settings, skip_check: true });
  const plain = {
    name: "Moved",
    url: "http://127.0.0.1:9/x",
    request_method: 2,
    request_type: 1,
    request_header: "{}",
    request_body: "{}",
  };
  await admin.patch(`/notification/${id}`, { ...plain, verify_tls: true, format_metric_units: true, skip_check: true });
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open(`/dashboard/notification?edit=${id}`);
    const editor = page.getByRole("dialog", { name: "Channel Moved" });
    await editor.getByText(/It was Telegram, and is a plain request now/).waitFor();
    await editor.getByRole("button", { name: "Bring Telegram back" }).click();
    expect(await editor.getByLabel("Chat").inputValue()).toBe("-1");
  });
  await admin.post("/batch-delete/notification", [id]);
});

/** A task whose success is told to a group of one channel, which nothing can be sent through. */
async function tellInVain(name: string): Promise<number> {
  const { admin, agents } = scene.stage();
  const to = { name, url: address(), request_method: 2, request_type: 1, request_header: "", request_body: '{"t":"#NEZHA#"}' };
  const channel = await admin.post<number>("/notification", { ...to, verify_tls: true, format_metric_units: true, skip_check: true });
  const group = await admin.post<number>("/notification-group", { name, notifications: [channel] });
  const what = { name, task_type: 0, scheduler: "0 0 3 * * *", command: "true", cover: 0, servers: [1], push_successful: true };
  const cron = await admin.post<number>("/cron", { ...what, notification_group_id: group });
  await admin.post(`/cron/${cron}/manual`, {});
  const [agent] = agents;
  const task = await agent?.nextTask(4);
  if (task !== undefined) agent?.answer({ id: task.id, type: task.type, data: "all done", successful: true });
  return channel;
}

test.for(SIZE_NAMES)("a message that was given up is found, read and sent again (%s)", async (size) => {
  const { admin } = scene.stage();
  const name = `In vain ${size}`;
  await scene.visit({ size }, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open("/dashboard/notification");
    await page.getByRole("link", { name: "Deliveries" }).last().click();
    const channel = await tellInVain(name);
    const delivery = async () => (await admin.get<{ state: string; settled_at: string }[]>(`/delivery?notification=${channel}`))[0];
    await expect.poll(delivery).toMatchObject({ state: "dead" });
    const first = await delivery();
    await page.getByRole("button", { name: "Given up" }).click();
    await page.getByRole("row").filter({ hasText: name }).getByText("Given up").waitFor();
    await looks.at(visit, `deliveries-${size}`);
    await page.getByRole("button", { name: new RegExp(name) }).click();
    const message = page.getByRole("dialog", { name: /^Message/ });
    await message.getByText("all done").waitFor();
    await message.getByText("HTTP URL target is not allowed").waitFor();
    await looks.at(visit, `delivery-${size}`);
    await message.getByRole("button", { name: "Send again" }).click();
    await page.getByText("The message is under way again.").waitFor();
    await expect.poll(async () => (await delivery())?.settled_at).not.toBe(first?.settled_at);
  });
});

test("no page of notifications has a finding of axe or is too wide", () => {
  expect(looks.findings).toEqual([]);
});
