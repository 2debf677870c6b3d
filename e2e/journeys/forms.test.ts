import { expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { setScene } from "../scene.ts";

const scene = setScene({ agents: 1 });
const LONG_NAME = "w".repeat(250);

test("settings of a fresh install are saved although nobody gave the site a name", async () => {
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/settings?tab=agents");
    await page.getByLabel("Address agents connect to").fill("status.example.net:443");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Save" }).waitFor({ state: "detached" });
    const { config } = await scene.stage().admin.get<{ config: { install_host: string } }>("/setting");
    expect(config.install_host).toBe("status.example.net:443");
  });
});

test("an error on a hidden tab is named, and the tab is opened with the focus on the field", async () => {
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/settings");
    await page.getByLabel("Site name").fill("Harbour");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Save" }).waitFor({ state: "detached" });
    await page.getByLabel("Site name").fill("");
    await page.getByRole("button", { name: "Network" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("alert").getByText("Check: Site name").waitFor();
    await page.getByText("Write something here").waitFor();
    await expect.poll(() => page.getByLabel("Site name").evaluate((field) => field === document.activeElement)).toBe(true);
  });
});

test.for(SIZE_NAMES)("a draft is not lost without asking (%s)", async (size) => {
  await scene.visit({ size }, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/servers?s=1&t=settings");
    const note = page.getByLabel("Private note");
    await note.fill("third rack");
    await page.keyboard.press("Escape");
    const question = page.getByRole("dialog", { name: "Discard your changes?" });
    await question.getByText("Private note").waitFor();
    await question.getByRole("button", { name: "Keep editing" }).click();
    expect(await note.inputValue()).toBe("third rack");
    await page.getByRole("button", { name: "Overview" }).click();
    await question.getByRole("button", { name: "Keep editing" }).click();
    await page.keyboard.press("Escape");
    await question.getByRole("button", { name: "Discard" }).click();
    await note.waitFor({ state: "detached" });
  });
});

test("a draft in a dialog is not lost without asking", async () => {
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/server-group");
    await page.getByRole("button", { name: "Add group" }).first().click();
    await page.getByLabel("Name", { exact: true }).fill("North");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Keep editing" }).click();
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("North");
    await page.getByRole("button", { name: "Close" }).first().click();
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });
});

test.for(SIZE_NAMES)("a long name breaks no page (%s)", async (size) => {
  const { admin } = scene.stage();
  await admin.patch("/server/1", { name: LONG_NAME });
  await scene.visit({ size }, async ({ page, open, signIn }) => {
    await signIn();
    for (const path of [
      "/dashboard/",
      "/dashboard/servers",
      "/dashboard/servers?s=1",
      "/dashboard/servers?s=1&t=settings",
      "/",
      "/server/1",
    ]) {
      await open(path);
      await page.getByRole("heading").first().waitFor();
      await page.locator(".wf-skeleton").first().waitFor({ state: "detached" });
      const wide = await page.evaluate(() => {
        const drawer = document.querySelector("dialog[open]");
        return {
          page: document.documentElement.scrollWidth - innerWidth,
          drawer: drawer === null ? 0 : drawer.scrollWidth - drawer.clientWidth,
        };
      });
      expect(wide, path).toEqual({ page: 0, drawer: 0 });
    }
    await open("/dashboard/servers");
    await page.getByRole("checkbox", { name: `Select ${LONG_NAME}` }).check();
    await page.getByRole("button", { name: "Delete" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  });
});

test.for(["/", "/dashboard/login"])("%s says what it is to whoever lists pages", async (path) => {
  await scene.visit({}, async ({ page, open }) => {
    await open(path);
    expect(await page.locator('meta[name="description"]').getAttribute("content")).toMatch(/servers/);
  });
});

test.for(SIZE_NAMES)("what somebody else saved meanwhile is kept or asked about, and never undone unseen (%s)", async (size) => {
  const { admin } = scene.stage();
  const window = { enable: true, plan: { kind: "weekly", days: [1], at: "03:00", minutes: 60 }, servers: [1], groups: [], services: [] };
  const id = await admin.post<number>("/maintenance-window", { ...window, name: "Backup" });
  const stored = async () =>
    (await admin.get<{ id: number; name: string; enable: boolean }[]>("/maintenance-window")).find((row) => row.id === id);
  await scene.visit({ size }, async ({ page, open, signIn, accessibilityProblems, picture }) => {
    await signIn();
    await open(`/dashboard/maintenance-window?edit=${id}`);
    const name = page.getByLabel("Name", { exact: true });
    await name.fill("Backup, mine");
    await admin.patch(`/maintenance-window/${id}`, { ...window, name: "Backup", enable: false });
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await name.waitFor({ state: "detached" });
    expect(await stored()).toMatchObject({ name: "Backup, mine", enable: false });

    await open(`/dashboard/maintenance-window?edit=${id}`);
    await name.fill("Third name");
    await admin.patch(`/maintenance-window/${id}`, { ...window, name: "Theirs" });
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("alert").getByText("Name (Theirs)").waitFor();
    expect(await accessibilityProblems()).toEqual([]);
    await picture(`clash-${size}`);
    expect(await stored()).toMatchObject({ name: "Theirs" });
    await page.getByRole("button", { name: "Keep mine" }).click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await name.waitFor({ state: "detached" });
    expect(await stored()).toMatchObject({ name: "Third name" });
  });
  await admin.post("/batch-delete/maintenance-window", [id]);
});
