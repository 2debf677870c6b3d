import { beforeAll, expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { createLooks } from "../look.ts";
import { pressOnRow } from "../row-actions.ts";
import { setScene } from "../scene.ts";

const scene = setScene({ agents: 1 });
const looks = createLooks();
beforeAll(async () => {
  const { admin } = scene.stage();
  // A group without a channel would reach nobody, and is refused.
  const webhook = {
    name: "Hook",
    url: "https://example.com/hook",
    request_method: 2,
    request_type: 1,
    request_body: "{}",
    skip_check: true,
  };
  const channel = await admin.post<number>("/notification", webhook);
  await admin.post("/notification-group", { name: "Owners", notifications: [channel] });
});

interface Row {
  readonly id: number;
  readonly name: string;
}
const named = async (name: string) => (await scene.stage().admin.get<Row[]>("/report")).find((row) => row.name === name);

test.for(SIZE_NAMES)("a report is written, previewed, sent, changed and deleted (%s)", async (size) => {
  const name = `Monday ${size}`;
  await scene.visit({ size }, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open("/dashboard/report?edit=new");
    const editor = page.getByRole("dialog", { name: "Add report" });
    await editor.getByLabel("Time zone").fill("Mars/Olympus");
    await editor.getByRole("button", { name: "Create" }).click();
    await editor.getByText("Write the name of a time zone").waitFor();
    await editor.getByText("Choose who is told: nobody would hear of it").waitFor();
    await editor.getByLabel("Tell").selectOption({ label: "Owners" });
    await editor.getByLabel("Time zone").fill("Europe/Berlin");
    await editor.getByLabel("Name", { exact: true }).fill(name);
    await editor.getByLabel("Day of the week").selectOption("5");
    await editor.getByLabel("Traffic").uncheck();
    await editor.getByRole("button", { name: "Show what it says now" }).click();
    await editor.getByRole("figure", { name: "Preview" }).waitFor();
    await looks.at(visit, `report-${size}`);
    await editor.getByRole("button", { name: "Create" }).click();
    await editor.waitFor({ state: "detached" });
    const parts = ["availability", "services", "incidents", "expiry"];
    expect(await named(name)).toMatchObject({ every: "weekly", weekday: 5, at: "08:00", zone: "Europe/Berlin", parts });
    await page.getByRole("row").filter({ hasText: "Fri at 08:00" }).waitFor();
    await looks.at(visit, `reports-${size}`);

    await page.getByRole("button", { name: `Send now: ${name}` }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Send now" }).click();
    await page.getByText(`${name}: on its way.`).waitFor();

    await pressOnRow(page, name, `Delete ${name}`);
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await named(name)).toBeUndefined();
  });
});

test.for(SIZE_NAMES)("a rule is tried on the stored history while it is written (%s)", async (size) => {
  await scene.visit({ size }, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open("/dashboard/alert-rule?edit=new");
    await page.getByText(/^It would (?:not have fired|have fired)/).waitFor();
    await page.getByRole("group", { name: "Days" }).getByRole("button", { name: "30 d" }).click();
    await page.getByText(/^It would/).waitFor();
    await looks.at(visit, `dry-run-${size}`);
    await page.getByLabel("Limit").fill("");
    await page.getByText(/^It would/).waitFor({ state: "detached" });
    expect(await page.getByRole("alert").count()).toBe(0);
  });
});

test("no page of reports has a finding of axe or is too wide", () => {
  expect(looks.findings).toEqual([]);
});
