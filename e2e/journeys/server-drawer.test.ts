import { expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { createLooks } from "../look.ts";
import { setScene } from "../scene.ts";

const scene = setScene({ agents: 2 });
const looks = createLooks();

interface Row {
  readonly id: number;
  readonly public_note?: string;
  readonly reached_through?: object;
}
const server = async () => (await scene.stage().admin.get<Row[]>("/server")).find(({ id }) => id === 1);

test.for(SIZE_NAMES)("a plan is written as a form; what others wrote into the note stays (%s)", async (size) => {
  const { admin } = scene.stage();
  const note = { customData: { orderLink: "https://example.com" }, billingDataMod: { amount: "5", cycle: "Month" } };
  await admin.patch("/server/1", { name: "one", display_index: 0, public_note: JSON.stringify(note) });
  await scene.visit({ size }, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open("/dashboard/servers?s=1&t=plan");
    const drawer = page.getByRole("dialog", { name: "one" });
    await drawer.getByLabel("Amount").fill("7.50 €");
    await drawer.getByLabel("For each").selectOption("Year");
    await drawer.getByRole("switch", { name: "No end" }).check();
    await drawer.getByRole("switch", { name: "IPv6" }).check();
    await drawer.getByLabel("Bandwidth").fill("1 Gbit/s");
    await drawer.getByRole("figure", { name: "Preview" }).getByText("7.50 €/yr").waitFor();
    await drawer.getByRole("button", { name: "Text", exact: true }).click();
    expect(await drawer.getByLabel("Public note").inputValue()).toContain("orderLink");
    await drawer.getByRole("button", { name: "Form", exact: true }).click();
    await looks.at(visit, `plan-${size}`);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Discard your changes?" }).getByRole("button", { name: "Keep editing" }).click();
    await drawer.getByRole("button", { name: "Save" }).click();
    await expect
      .poll(async () => JSON.parse((await server())?.public_note ?? "{}") as unknown)
      .toEqual({
        ...note,
        billingDataMod: { amount: "7.50 €", cycle: "Year", endDate: "0000-00-00T23:59:59+08:00" },
        planDataMod: { IPv6: "1", bandwidth: "1 Gbit/s" },
      });
  });
});

test.for(SIZE_NAMES)("how a server was there, and what it is reached through (%s)", async (size) => {
  await scene.visit({ size }, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open("/dashboard/servers?s=1&t=history&days=7");
    // In the first minute after the start nothing is known yet.
    await page.getByText(/^(?:100%|Nothing is known of this time yet\.)$/).waitFor();
    await looks.at(visit, `server-history-${size}`);
    await page.getByRole("link", { name: /^Incidents of/ }).click();
    await page.getByText("Nothing matches").waitFor();

    await open("/dashboard/servers?s=1&t=settings");
    const other = await scene.stage().nameOf(scene.stage().agents[1]);
    await page.getByLabel("Reached through").selectOption({ label: other });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Save" }).waitFor({ state: "detached" });
    expect((await server())?.reached_through).toEqual({ kind: "server", id: 2 });
    await page.getByLabel("Reached through").selectOption({ label: "Nothing else" });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Save" }).waitFor({ state: "detached" });
    expect((await server())?.reached_through).toBeUndefined();
  });
});

test.for(SIZE_NAMES)("columns are chosen, and a view with them is saved, opened and forgotten (%s)", async (size) => {
  await scene.visit({ size }, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open("/dashboard/servers");
    await page.getByRole("button", { name: "Columns" }).click();
    const dialog = page.getByRole("dialog", { name: "Columns" });
    await dialog.getByLabel("Uptime").check();
    await dialog.getByLabel("CPU").uncheck();
    await looks.at(visit, `columns-${size}`);
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByRole("columnheader", { name: "Uptime" }).waitFor();
    expect(await page.getByRole("columnheader", { name: "CPU" }).count()).toBe(0);
    expect(new URL(page.url()).searchParams.get("cols")).toBe("state,address,groups,memory,network,uptime,agent,owner,public");
    await page.getByLabel("Filter servers").fill("id<2");
    await page.getByRole("button", { name: "Keep this view" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Mine");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Mine", exact: true, pressed: true }).waitFor();

    await open("/dashboard/servers");
    await page.getByRole("columnheader", { name: "Uptime" }).waitFor();
    await page.getByRole("button", { name: "Mine", exact: true }).click();
    await expect.poll(() => page.getByRole("row").count()).toBe(2);
    await looks.at(visit, `view-${size}`);
    await page.getByRole("button", { name: "Forget Mine" }).click();
    expect(await page.getByRole("button", { name: "Mine", exact: true }).count()).toBe(0);
    await page.getByRole("button", { name: "Columns" }).click();
    await dialog.getByRole("button", { name: "By the width" }).click();
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByRole("columnheader", { name: "Memory" }).waitFor();
  });
});

test("a DDNS profile tells of its records, and sends them again", async () => {
  const { admin } = scene.stage();
  const form = { name: "Home", provider: "dummy", enable_ipv4: true, max_retries: 3, domains: ["one.example.com"] };
  const id = await admin.post<number>("/ddns", form);
  await admin.patch("/server/1", { name: "one", display_index: 0, enable_ddns: true, ddns_profiles: [id] });
  await scene.visit({}, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open(`/dashboard/ddns?edit=${id}`);
    const drawer = page.getByRole("dialog", { name: "Profile Home" });
    await drawer.getByRole("button", { name: "Send again now" }).click();
    await page.getByText("One record is on its way.").waitFor();
    await drawer.getByRole("row").filter({ hasText: "one.example.com" }).waitFor();
    await looks.at(visit, "ddns-records");
  });
  expect(await admin.get(`/ddns/${id}/record`)).toMatchObject([{ domain: "one.example.com", family: "ipv4", address: "203.0.113.1" }]);
});

test("no drawer of a server has a finding of axe or is too wide", () => {
  expect(looks.findings).toEqual([]);
});

test.for(SIZE_NAMES)("traffic is corrected by hand, and the correction is taken back (%s)", async (size) => {
  const { admin } = scene.stage();
  await scene.visit({ size }, async ({ page, open, signIn, accessibilityProblems }) => {
    await signIn();
    await open("/dashboard/servers?s=1&t=history");
    await page.getByRole("button", { name: "Correct traffic" }).click();
    const dialog = page.getByRole("dialog", { name: "Correct traffic" });
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("Write something here").waitFor();
    await dialog.getByLabel("Received, GiB").fill("1.5");
    await dialog.getByLabel("Sent, GiB").fill("-0.5");
    await dialog.getByLabel("Note").fill("rescue system");
    expect(await accessibilityProblems()).toEqual([]);
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("↓ +1.50 GiB ↑ −512 MiB").waitFor();
    const path = "/server/1/traffic-correction";
    expect(await admin.get(path)).toMatchObject([{ in: 1.5 * 2 ** 30, out: -0.5 * 2 ** 30, note: "rescue system" }]);
    await page.getByRole("listitem").filter({ hasText: "rescue system" }).getByRole("button").click();
    await page.getByText("rescue system").waitFor({ state: "detached" });
    expect(await admin.get(path)).toEqual([]);
  });
});
