import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { setScene } from "../scene.ts";

const run = promisify(execFile);
const scene = setScene({ agents: 2 });

test.for(SIZE_NAMES)("a server renamed in the console has its new name on the public site (%s)", async (size) => {
  await scene.visit({ size }, async ({ page, open, signIn }) => {
    const stage = scene.stage();
    const name = await stage.nameOf(stage.agents[0]);
    const newName = `Harbour ${size}`;
    await signIn();
    await open("/dashboard/servers");
    await page.getByRole("button", { name, exact: true }).click();
    const drawer = page.getByRole("dialog", { name });
    await drawer.getByRole("button", { name: "Settings" }).click();
    await drawer.getByLabel("Name", { exact: true }).fill(newName);
    await drawer.getByRole("button", { name: "Save" }).click();
    await page.getByRole("dialog", { name: newName }).waitFor();
    await open("/");
    await page.getByRole("link", { name: newName, exact: true }).waitFor();
    expect(await page.getByRole("link", { name, exact: true }).count()).toBe(0);
  });
});

test.for(SIZE_NAMES)("the name of the site is saved and shown to guests (%s)", async (size) => {
  const siteName = `Weather of ${size}`;
  await scene.visit({ size }, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/settings");
    await page.getByLabel("Site name").fill(siteName);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Save" }).waitFor({ state: "detached" });
  });
  await scene.visit({ size }, async ({ page, open }) => {
    await open("/");
    await page.getByRole("banner").getByText(siteName).waitFor();
    await expect.poll(() => page.title()).toContain(siteName);
  });
});

test.for(SIZE_NAMES)("a group is made, changed and deleted (%s)", async (size) => {
  await scene.visit({ size }, async ({ page, open, signIn }) => {
    const stage = scene.stage();
    const member = await stage.nameOf(stage.agents[1]);
    await signIn();
    await open("/dashboard/server-group");
    await page.getByRole("button", { name: "Add group" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Create" }).click();
    await dialog.getByText("Write something here").waitFor();
    await dialog.getByLabel("Name", { exact: true }).fill("North");
    await dialog.getByRole("checkbox", { name: member }).check();
    await dialog.getByRole("button", { name: "Create" }).click();
    const row = page.getByRole("row").filter({ hasText: "North" });
    await row.getByText(member).waitFor();

    await row.getByRole("button", { name: "North", exact: true }).click();
    await dialog.getByLabel("Name", { exact: true }).fill("South");
    await dialog.getByRole("button", { name: "Save" }).click();
    const renamed = page.getByRole("row").filter({ hasText: "South" });
    await renamed.getByText(member).waitFor();

    await renamed.getByRole("button", { name: "Delete South" }).click();
    await dialog.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByText("No groups yet").waitFor();
    expect(await stage.admin.get("/server-group")).toEqual([]);
  });
});

test.for(SIZE_NAMES)("a token is shown once and opens the interface to scripts (%s)", async (size) => {
  await scene.visit({ size }, async ({ page, open, signIn }) => {
    const { base, admin } = scene.stage();
    await signIn();
    await open("/dashboard/settings/api-tokens");
    await page.getByRole("button", { name: "Create token" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name", { exact: true }).fill(`script of ${size}`);
    await dialog.getByRole("button", { name: "Create" }).click();
    const token = await dialog.getByLabel("Token", { exact: true }).innerText();
    expect(token).toMatch(/^nzp_[0-9A-Za-z]{32}$/);
    await dialog.getByRole("button", { name: "Done" }).click();
    await page
      .getByRole("row")
      .filter({ hasText: `script of ${size}` })
      .waitFor();
    expect(await page.content()).not.toContain(token);

    const asScript = async (...args: string[]): Promise<unknown> => {
      const { stdout } = await run("curl", ["-sS", "-H", `Authorization: Bearer ${token}`, ...args]);
      return JSON.parse(stdout);
    };
    const servers = await admin.get<{ id: number }[]>("/server");
    expect(await asScript(`${base}/api/v1/server`)).toMatchObject({ success: true, data: servers.map(({ id }) => ({ id })) });
    const json = ["-H", "content-type: application/json"];
    expect(await asScript("-X", "PATCH", ...json, "-d", '{"name":"x"}', `${base}/api/v1/server/1`)).toMatchObject({ success: false });
  });
});
