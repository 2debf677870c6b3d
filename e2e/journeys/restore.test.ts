import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { createLooks } from "../look.ts";
import { setScene } from "../scene.ts";

const scene = setScene({ agents: 1 });
const looks = createLooks();
/** While the dashboard starts anew nothing answers. */
const expected = [/ERR_CONNECTION_(?:REFUSED|RESET)|ERR_EMPTY_RESPONSE|WebSocket connection|status of 503/];

test.for(SIZE_NAMES)("a backup that was downloaded takes the place of what runs, and what ran is kept (%s)", async (size) => {
  const { admin, folder } = scene.stage();
  await admin.patch("/server/1", { name: "Before the backup", display_index: 0 });
  await scene.visit({ size, expected }, async (visit) => {
    const { page, open, signIn } = visit;
    await signIn();
    await open("/dashboard/settings/backup");
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Make one and download" }).click();
    const file = (await (await downloading).path()) ?? "";
    await admin.patch("/server/1", { name: "After the backup", display_index: 0 });

    await page.getByRole("button", { name: "Restore from a file" }).click();
    const dialog = page.getByRole("dialog", { name: "Restore" });
    const picked = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no backup") };
    await dialog.getByLabel("Backup file").setInputFiles(picked);
    await dialog.getByRole("button", { name: "Check and prepare" }).click();
    await dialog.getByText("this is no backup of Windfire").waitFor();
    const backup = { name: "backup.tar.zst", mimeType: "application/zstd", buffer: await readFile(file) };
    await dialog.getByLabel("Backup file").setInputFiles(backup);
    await looks.at(visit, `restore-choose-${size}`);
    await dialog.getByRole("button", { name: "Check and prepare" }).click();
    await dialog.getByText(/^Whole and ready/).waitFor();
    await looks.at(visit, `restore-ready-${size}`);

    await page.keyboard.press("Escape");
    await page.getByText("A backup is ready to take the place").waitFor();
    await page.getByRole("button", { name: "Go on" }).click();
    await dialog.getByRole("button", { name: "Replace everything" }).click();
    await dialog.waitFor({ state: "detached", timeout: 60_000 });
    await page.getByText(/^Restored .* What ran before is in before-restore-/).waitFor({ timeout: 30_000 });
    await looks.at(visit, `restored-${size}`);
    await open("/dashboard/servers");
    await page.getByText("Before the backup").first().waitFor();
    const kept = (await readdir(folder)).filter((name) => name.startsWith("before-restore-")).toSorted();
    expect(kept).toHaveLength(SIZE_NAMES.indexOf(size) + 1);
    expect((await readFile(join(folder, kept.at(-1) ?? "", "sqlite.db"))).includes("After the backup")).toBe(true);
  });
});

test("no page of it has a finding of axe or is too wide", () => {
  expect(looks.findings).toEqual([]);
});
