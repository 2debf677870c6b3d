import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { createLooks } from "../look.ts";
import { setScene } from "../scene.ts";

const scene = setScene({ agents: 1 });
const looks = createLooks();

test.for(SIZE_NAMES)("who did what is found, read and saved as a file (%s)", async (size) => {
  const { admin } = scene.stage();
  await admin.patch("/server/1", { name: `Renamed ${size}`, display_index: 3 });
  await scene.visit({ size }, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open("/dashboard/audit?kind=server&key=1");
    const row = page.getByRole("row").filter({ hasText: "server.update" }).first();
    await row.waitFor();
    await looks.at(visit, `audit-${size}`);
    await row.getByRole("button").click();
    const line = page.getByRole("dialog", { name: "server.update" });
    await line.getByText(`Renamed ${size}`).waitFor();
    await looks.at(visit, `audit-line-${size}`);
    await page.keyboard.press("Escape");

    await page.getByLabel("Search", { exact: true }).fill(`Renamed ${size}`);
    await expect.poll(() => page.getByRole("row").count()).toBe(2);
    await page.getByLabel("Search", { exact: true }).fill("no such thing");
    await page.getByText("Nothing matches").waitFor();
    await page.getByRole("button", { name: "Show all" }).click();
    await row.waitFor();

    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("link", { name: "CSV" }).click();
    expect(await readFile((await (await download).path()) ?? "", "utf8")).toContain("server.update");

    await page.getByRole("button", { name: "Change" }).click();
    const dialog = page.getByRole("dialog", { name: "How much is kept" });
    await dialog.getByLabel("Days").fill("0");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("Write a whole number, 1 to 3,650").waitFor();
    await dialog.getByLabel("Days").fill("90");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText(/kept for 90 days at most/).waitFor();
    expect(await admin.get("/audit/retention")).toMatchObject({ days: 90 });
  });
});

test("a member is told that the log is for administrators", async () => {
  const { admin } = scene.stage();
  await admin.post("/user", { username: "member", password: "password1", role: 1 });
  await scene.visit({}, async (visit) => {
    await visit.signIn({ username: "member", password: "password1" });
    await visit.open("/dashboard/audit");
    await visit.page.getByText("Only administrators can see this").waitFor();
    expect(await visit.page.getByRole("link", { name: "Audit log" }).count()).toBe(0);
  });
});

test("no page of the log has a finding of axe or is too wide", () => {
  expect(looks.findings).toEqual([]);
});
