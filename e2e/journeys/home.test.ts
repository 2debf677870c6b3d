import { expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { createLooks } from "../look.ts";
import { setScene } from "../scene.ts";

const scene = setScene({ agents: 1 });
const looks = createLooks();
const DAY = 24 * 3_600_000;
const LONG = "very-long-name-".repeat(17);

const channel = {
  name: "Nowhere",
  url: "http://127.0.0.1:9/hook",
  request_method: 2,
  request_type: 1,
  request_header: "",
  request_body: '{"t":"#NEZHA#"}',
  verify_tls: true,
  format_metric_units: true,
  skip_check: true,
};

/** One of each: a rule that fires and tells in vain, a task that failed, a plan and a token that end soon. */
async function setTrouble(): Promise<void> {
  const { admin, agents } = scene.stage();
  const hook = await admin.post<number>("/notification", channel);
  const group = await admin.post<number>("/notification-group", { name: "On-call", notifications: [hook] });
  const condition = { type: "memory", max: 0.0001, duration: 3, cover: 0, ignore: {} };
  const rule = { name: "Memory", enable: true, trigger_mode: 1, notification_group_id: group, severity: "critical", rules: [condition] };
  await admin.post("/alert-rule", { ...rule, fail_trigger_tasks: [], recover_trigger_tasks: [] });
  const task = { name: "Backup", task_type: 0, scheduler: "0 0 3 * * *", command: "false", cover: 0, servers: [1] };
  const cron = await admin.post<number>("/cron", task);
  await admin.post(`/cron/${cron}/manual`, {});
  const order = await agents[0]?.nextTask(4);
  if (order !== undefined) agents[0]?.answer({ id: order.id, type: order.type, data: "no space left", successful: false });
  const plan = { billingDataMod: { startDate: "", endDate: new Date(Date.now() + 5.5 * DAY).toISOString(), amount: "5", cycle: "Month" } };
  await admin.patch("/server/1", { name: LONG, display_index: 0, public_note: JSON.stringify(plan) });
  await admin.post("/api-tokens", { name: "CI", scopes: ["nezha:server:read"], expires_in_days: 3 });
}

test("Home says what needs attention, and each thing leads to where it is dealt with", { timeout: 120_000 }, async () => {
  await setTrouble();
  await expect.poll(() => scene.stage().admin.get("/delivery?state=dead"), { timeout: 40_000 }).toHaveLength(1);
  for (const size of SIZE_NAMES) {
    await scene.visit({ size }, async (visit) => {
      const { page, open, signIn } = visit;
      await signIn();
      await open("/dashboard/");
      await page.getByRole("heading", { name: "3 things need attention" }).waitFor();
      await page.getByText("The task Backup failed").waitFor();
      await page.getByText("One message was not delivered").waitFor();
      await page.getByText("Plan of the server").waitFor();
      await page.getByText("Token", { exact: true }).waitFor();
      await looks.at(visit, `home-trouble-${size}`);
      await page.getByRole("listitem").filter({ hasText: "was not delivered" }).getByRole("link", { name: "Open" }).click();
      await page.getByRole("row").filter({ hasText: "Given up" }).waitFor();
      await page.goBack();
      await page.getByRole("button", { name: /^Acknowledge/ }).waitFor();
    });
  }
});

test("what somebody knows of needs no attention any more", async () => {
  await scene.visit({}, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open("/dashboard/");
    await page.getByRole("button", { name: /^Acknowledge/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Acknowledge" }).click();
    await page.getByRole("heading", { name: "2 things need attention" }).waitFor();
    await page.getByRole("link", { name: "One more is acknowledged or kept quiet" }).click();
    await page.getByText("Seen by admin").waitFor();
    expect(await scene.stage().admin.get("/incident?open=true")).toMatchObject([{ acknowledged_by: "admin" }]);
  });
});

test("the last day and what people changed stand on Home, each with its way to more", async () => {
  await scene.visit({}, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open("/dashboard/");
    const day = page.getByRole("region", { name: "Last 24 hours" });
    await day
      .getByRole("listitem")
      .filter({ hasText: /^Runs1.*1 failed/ })
      .waitFor();
    // Reports say what was moved; no service was ever probed.
    await day
      .getByRole("listitem")
      .filter({ hasText: /^Traffic[\d.]+.[KMG]iB/ })
      .waitFor();
    await day
      .getByRole("listitem")
      .filter({ hasText: /^Probes–$/ })
      .waitFor();
    const changes = page.getByRole("region", { name: "Recent changes" });
    await changes.getByRole("listitem").filter({ hasText: "CI" }).filter({ hasText: "Tokens: added" }).waitFor();
    await changes.getByRole("link", { name: "CI" }).click();
    await page.getByRole("dialog", { name: "token.create" }).waitFor();
    await page.goBack();
    await day.getByRole("link", { name: "Incidents" }).click();
    const row = page.getByRole("row").filter({ hasText: "Memory" });
    await row.waitFor();
    expect(await row.count()).toBe(1);
  });
});

test("Home has no finding of axe and is never too wide, however long a name is", () => {
  expect(looks.findings).toEqual([]);
});
