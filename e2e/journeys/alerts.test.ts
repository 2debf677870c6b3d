import { expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { createLooks } from "../look.ts";
import { setScene } from "../scene.ts";

const scene = setScene({ agents: 2 });
const looks = createLooks();

interface Row {
  readonly id: number;
  readonly name: string;
}
const named = async <T extends Row>(path: string, name: string): Promise<T | undefined> =>
  (await scene.stage().admin.get<T[]>(path)).find((row) => row.name === name);

test.for(SIZE_NAMES)("a rule fires: it is acknowledged, snoozed, read and found in the history (%s)", async (size) => {
  const { admin } = scene.stage();
  const name = `Memory ${size}`;
  await scene.visit({ size }, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open("/dashboard/alert-rule?edit=new");
    const editor = page.getByRole("dialog", { name: "Add rule" });
    await editor.getByLabel("Name", { exact: true }).fill(name);
    await editor.getByLabel("Value").selectOption("memory");
    await editor.getByLabel("Limit").fill("0.0001");
    await editor.getByLabel("For", { exact: true }).fill("9");
    await editor.getByLabel("Unit of time").selectOption("second");
    await editor.getByRole("button", { name: "Only these" }).click();
    await editor.getByRole("checkbox").first().check();
    await editor.getByRole("group", { name: "Severity" }).getByRole("button", { name: "Critical" }).click();
    await editor.getByRole("button", { name: "Create" }).click();
    await editor.waitFor({ state: "detached" });
    const rule = await named<Row & { severity: string }>("/alert-rule", name);
    expect(rule).toMatchObject({ severity: "critical" });

    await page.getByRole("link", { name: "Firing" }).click();
    const entry = page.getByRole("listitem").filter({ hasText: name });
    await entry.getByText("Critical").waitFor({ timeout: 40_000 });
    await looks.at(visit, `firing-${size}`);
    await entry.getByRole("button", { name: /^Acknowledge/ }).click();
    await page.getByRole("dialog").getByLabel("Note").fill("Looking into it");
    await looks.at(visit, `acknowledge-${size}`);
    await page.getByRole("dialog").getByRole("button", { name: "Acknowledge" }).click();
    await entry.getByText("Seen by admin").waitFor();

    await entry.getByRole("button", { name: /^Snooze/ }).click();
    const snooze = page.getByRole("dialog", { name: "Snooze alerts" });
    expect(await snooze.getByLabel("Which").inputValue()).toBe(String(rule?.id));
    await snooze.getByLabel("Until").selectOption("custom");
    await snooze.getByLabel("Time", { exact: true }).fill("2020-01-01T00:00");
    await snooze.getByRole("button", { name: "Snooze" }).click();
    await snooze.getByText("Write a time to come").waitFor();
    await looks.at(visit, `snooze-${size}`);
    await snooze.getByLabel("Until").selectOption("4h");
    await snooze.getByRole("button", { name: "Snooze" }).click();
    await snooze.waitFor({ state: "detached" });

    await entry.getByRole("link").click();
    await page.getByText("Acknowledged by admin. Looking into it").waitFor();
    await page.getByText("None went through your channels.").waitFor();
    await looks.at(visit, `incident-${size}`);
    const snoozed = await admin.get<Row[]>("/snooze");
    await admin.post(
      "/batch-delete/snooze",
      snoozed.map(({ id }) => id),
    );
    await admin.post("/batch-delete/alert-rule", [rule?.id]);

    await open("/dashboard/incident-history?state=ended&severity=critical");
    const row = page.getByRole("row").filter({ hasText: name });
    await row.waitFor();
    await looks.at(visit, `incident-history-${size}`);
    await page.getByLabel("State").selectOption("open");
    await expect.poll(() => row.count()).toBe(0);
    expect(new URL(page.url()).searchParams.get("state")).toBe("open");
    await page.goBack();
  });
});

test.for(SIZE_NAMES)("everything is snoozed, and woken again (%s)", async (size) => {
  const { admin } = scene.stage();
  await scene.visit({ size }, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open("/dashboard/snooze?snooze=new");
    const dialog = page.getByRole("dialog", { name: "Snooze alerts" });
    await dialog.getByRole("button", { name: "Snooze" }).click();
    await dialog.getByText("Choose one").last().waitFor();
    await dialog.getByLabel("What", { exact: true }).selectOption("all");
    await dialog.getByLabel("Note").fill(`Moving ${size}`);
    await dialog.getByRole("button", { name: "Snooze" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(await admin.get("/snooze")).toMatchObject([{ scope: "all", scope_id: 0, note: `Moving ${size}`, created_by: "admin" }]);
    await page.getByRole("row").filter({ hasText: "Everything" }).waitFor();
    await looks.at(visit, `snoozes-${size}`);
    await page.getByRole("button", { name: "End: Everything" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "End" }).click();
    await page.getByText("Nothing is snoozed").waitFor();
    expect(await admin.get("/snooze")).toEqual([]);
  });
});

test.for(SIZE_NAMES)("maintenance is planned weekly, then by schedule, and deleted (%s)", async (size) => {
  const name = `Updates ${size}`;
  await scene.visit({ size }, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open("/dashboard/maintenance-window?edit=new");
    const editor = page.getByRole("dialog", { name: "Plan maintenance" });
    await editor.getByRole("button", { name: "Create" }).click();
    await editor.getByText("Choose at least one group, server or service").waitFor();
    await editor.getByLabel("Name", { exact: true }).fill(name);
    await editor.getByRole("button", { name: "Weekly" }).click();
    await editor.getByRole("checkbox", { name: "Wed" }).check();
    await editor.getByLabel("Begins at").fill("23:30");
    await editor.getByLabel("Minutes it lasts").fill("90");
    await editor
      .getByRole("group", { name: /^Servers/ })
      .getByRole("checkbox")
      .first()
      .check();
    await looks.at(visit, `window-${size}`);
    await editor.getByRole("button", { name: "Create" }).click();
    await editor.waitFor({ state: "detached" });
    const weekly = { kind: "weekly", days: [0, 3], at: "23:30", minutes: 90 };
    const stored = await named<Row & { plan: unknown }>("/maintenance-window", name);
    expect(stored).toMatchObject({ plan: weekly, enable: true, servers: [1] });
    await page.getByRole("row").filter({ hasText: "Wed and Sun at 23:30 for 1 h" }).waitFor();
    await looks.at(visit, `windows-${size}`);

    await open(`/dashboard/maintenance-window?edit=${stored?.id}`);
    const opened = page.getByRole("dialog", { name: `Maintenance ${name}` });
    await opened.getByRole("button", { name: "By schedule" }).click();
    await opened.getByLabel("Schedule").fill("nonsense");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Discard your changes?" }).getByRole("button", { name: "Keep editing" }).click();
    await opened.getByRole("button", { name: "Save" }).click();
    await opened.getByRole("alert").waitFor();
    await opened.getByLabel("Schedule").fill("0 30 4 1 * *");
    await opened.getByRole("button", { name: "Save" }).click();
    await opened.waitFor({ state: "detached" });
    expect(await named("/maintenance-window", name)).toMatchObject({ plan: { kind: "cron", schedule: "0 30 4 1 * *", minutes: 90 } });

    await page.getByRole("button", { name: `Delete ${name}` }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await named("/maintenance-window", name)).toBeUndefined();
  });
});

test("no page of alerts has a finding of axe or is too wide", () => {
  expect(looks.findings).toEqual([]);
});
