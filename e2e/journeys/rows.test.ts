import { createFakeAgent } from "@windfire/testkit";
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { createApi } from "../api.ts";
import { SIZE_NAMES } from "../browser.ts";
import { pressOnRow } from "../row-actions.ts";
import { setScene } from "../scene.ts";
import { uuidOf } from "../stage.ts";

/** Of the agent's tasks. */
const UPDATE = 6;

const NEW_PASSWORD = "another long phrase of nora";

const scene = setScene({ agents: 3 });

interface Row {
  readonly id: number;
  readonly name: string;
}

/** What a row offers beside its own buttons. */
async function chooseFrom(page: Page, row: string, entry: string): Promise<void> {
  await page.getByRole("button", { name: `More for ${row}`, exact: true }).click();
  await page
    .getByRole("group", { name: `More for ${row}`, exact: true })
    .getByRole("button", { name: entry })
    .click();
}

async function answer(question: Locator, verb: string): Promise<void> {
  await question.getByRole("button", { name: verb, exact: true }).click();
  await question.waitFor({ state: "detached" });
}

test.for(SIZE_NAMES)("servers are tagged, and the tag is taken back (%s)", async (size) => {
  const { admin } = scene.stage();
  const tags = async () => (await admin.get<{ tags?: string[] }[]>("/server")).map((row) => row.tags ?? []);
  await scene.visit({ size }, async ({ page, open, signIn, accessibilityProblems }) => {
    await signIn();
    await open("/dashboard/servers");
    await page.getByRole("checkbox", { name: "Select all shown" }).check();
    const bar = page.getByRole("region", { name: "3 selected" });
    await bar.getByRole("button", { name: "Tags" }).click();
    const dialog = page.getByRole("dialog", { name: "Change tags" });
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("Write something here").waitFor();
    await dialog.getByRole("textbox", { name: "Tags" }).fill("web prod");
    expect(await accessibilityProblems()).toEqual([]);
    await answer(dialog, "Save");
    await page.getByText("Changed on 3 servers.").waitFor();
    expect(await tags()).toEqual([
      ["web", "prod"],
      ["web", "prod"],
      ["web", "prod"],
    ]);
    await page.getByLabel("Filter servers").fill("tag:web");
    await expect.poll(() => page.getByRole("row").count()).toBe(4);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(tags).toEqual([[], [], []]);
    await page.getByText("Nothing matches").waitFor();
  });
});

test("an order to update goes to the agents that are chosen; one that is gone is named", async () => {
  const stage = scene.stage();
  const leaving = await stage.addAgent();
  const name = await stage.nameOf(leaving);
  leaving.close();
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/servers");
    await page.getByRole("checkbox", { name: "Select all shown" }).check();
    await page.getByRole("region", { name: "4 selected" }).getByRole("button", { name: "Update agent" }).click();
    await answer(page.getByRole("dialog", { name: "Update the agents of 4 servers?" }), "Update 4 agents");
    for (const agent of stage.agents.slice(0, 3)) expect((await agent.nextTask(UPDATE)).type).toBe(UPDATE);
    await page.getByText(/^Told to update: /).waitFor();
    await page.getByText(`Not reached: ${name}`).waitFor();

    await page.getByRole("button", { name: `More for ${name}`, exact: true }).click();
    await page.getByRole("button", { name: "Delete…" }).filter({ visible: true }).click();
    await answer(page.getByRole("dialog", { name: "Delete this server?" }), "Delete the server");
    await expect.poll(() => page.getByRole("button", { name, exact: true }).count()).toBe(0);
    expect(await stage.admin.get("/server")).toHaveLength(3);
  });
});

test.for(SIZE_NAMES)("a service is duplicated with everything it has, and both are deleted at once (%s)", async (size) => {
  const { admin } = scene.stage();
  const form = { name: "Shop", type: 1, target: "https://example.com", cover: 1, skip_servers: { "1": true } };
  const id = await admin.post<number>("/service", form);
  const stored = () => admin.get<Row[]>("/service/list");
  await scene.visit({ size }, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/service");
    await chooseFrom(page, "Shop", "Duplicate");
    const editor = page.getByRole("dialog", { name: "Add service" });
    expect(await editor.getByLabel("Name", { exact: true }).inputValue()).toBe("Shop (copy)");
    await answer(editor, "Create");
    expect((await stored()).find((row) => row.id !== id)).toMatchObject({ ...form, name: "Shop (copy)" });

    await page.getByRole("checkbox", { name: "Select all shown" }).check();
    await page.getByRole("region", { name: "2 selected" }).getByRole("button", { name: "Delete" }).click();
    await answer(page.getByRole("dialog", { name: "Delete 2 entries?" }), "Delete 2 entries");
    await page.getByText("No services yet").waitFor();
    expect(await stored()).toEqual([]);
  });
});

test.for(SIZE_NAMES)("a rule is paused, goes on by Undo, and is paused with others (%s)", async (size) => {
  const { admin } = scene.stage();
  const rule = { enable: true, rules: [{ type: "cpu", max: 99, duration: 10, cover: 0 }] };
  for (const name of ["Busy", "Loud"]) await admin.post("/alert-rule", { ...rule, name });
  const stored = async () =>
    (await admin.get<{ id: number; name: string; enable?: boolean }[]>("/alert-rule")).map(({ enable }) => enable === true);
  await scene.visit({ size }, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/alert-rule");
    await chooseFrom(page, "Busy", "Pause");
    await page.getByText("Paused: Busy").waitFor();
    expect(await stored()).toEqual([false, true]);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(stored).toEqual([true, true]);

    await page.getByRole("checkbox", { name: "Select all shown" }).check();
    const bar = page.getByRole("region", { name: "2 selected" });
    await bar.getByRole("button", { name: "Pause" }).click();
    await expect.poll(stored).toEqual([false, false]);
    await bar.getByRole("button", { name: "Delete" }).click();
    await answer(page.getByRole("dialog", { name: "Delete 2 entries?" }), "Delete 2 entries");
    await page.getByText("No rules yet").waitFor();
    expect(await stored()).toEqual([]);
  });
});

test.for(SIZE_NAMES)("a user is made, becomes a viewer, gets another password, is signed out everywhere and deleted (%s)", async (size) => {
  const { admin, base } = scene.stage();
  const username = `nora-${size}`;
  const password = "nora's own long password";
  const stored = async () => (await admin.get<{ username: string; access?: string }[]>("/user")).find((user) => user.username === username);
  await scene.visit({ size }, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/settings/user");
    await page.getByRole("button", { name: "Add user" }).click();
    const form = page.getByRole("dialog", { name: "Add user" });
    await form.getByLabel("User name").fill("admin");
    await form.getByLabel("Password").fill(password);
    await form.getByRole("button", { name: "Create" }).click();
    // What the dashboard refuses stands at the field that it speaks of.
    await expect.poll(() => form.getByLabel("User name").getAttribute("aria-invalid")).toBe("true");
    await form.getByLabel("User name").fill(username);
    expect(await form.getByLabel("User name").getAttribute("aria-invalid")).toBeNull();
    await answer(form, "Create");

    await pressOnRow(page, username, `Change the role of ${username}`);
    const role = page.getByRole("dialog", { name: `Role of ${username}` });
    await role.getByLabel("Role").selectOption("viewer");
    await role.getByRole("checkbox").first().check();
    await answer(role, "Save");
    await page.getByRole("row").filter({ hasText: username }).getByText("Viewer").waitFor();
    expect(await stored()).toMatchObject({ access: "viewer" });

    await pressOnRow(page, username, `Edit ${username}`);
    const edit = page.getByRole("dialog", { name: `Edit ${username}` });
    await edit.getByLabel("New password").fill(NEW_PASSWORD);
    await answer(edit, "Save");
    await expect(createApi(base, { username, password })).rejects.toThrow(/Unauthorized/);

    const session = await createApi(base, { username, password: NEW_PASSWORD });
    await pressOnRow(page, username, `End the sessions of ${username}`);
    await answer(page.getByRole("dialog", { name: "End all sessions of this user?" }), "End the sessions");
    await expect(session.get("/profile")).rejects.toThrow(/Unauthorized/);

    await pressOnRow(page, username, `Delete ${username}`);
    await answer(page.getByRole("dialog", { name: "Delete this user?" }), "Delete the user");
    expect(await stored()).toBeUndefined();
  });
});

test.for(SIZE_NAMES)("an address is blocked by hand and released (%s)", async (size) => {
  const { admin } = scene.stage();
  const blocked = async () => (await admin.get<{ value: { ip: string }[] | null }>("/waf")).value ?? [];
  await scene.visit({ size }, async ({ page, open, signIn, accessibilityProblems }) => {
    await signIn();
    await open("/dashboard/settings/waf");
    await page.getByRole("button", { name: "Block an address" }).click();
    const form = page.getByRole("dialog", { name: "Block an address" });
    await form.getByLabel("Address").fill("nobody");
    await form.getByRole("button", { name: "Block" }).click();
    await form.getByText("Write an IP address").waitFor();
    await form.getByLabel("Address").fill("203.0.113.77");
    await answer(form, "Block");
    const row = page.getByRole("row").filter({ hasText: "203.0.113.77" });
    await row.getByText("For ever").waitFor();
    expect(await blocked()).toMatchObject([{ ip: "203.0.113.77" }]);
    expect(await accessibilityProblems()).toEqual([]);
    await row.getByRole("button", { name: "Release" }).click();
    await answer(page.getByRole("dialog", { name: "Let these addresses in again?" }), "Release one address");
    await page.getByText("Nobody is kept out").waitFor();
    expect(await blocked()).toEqual([]);
  });
});

test("a channel and its group are changed and deleted", async () => {
  const { admin } = scene.stage();
  const channel = {
    name: "Bot",
    url: "https://example.com/hook",
    request_method: 2,
    request_type: 1,
    request_body: "{}",
    skip_check: true,
  };
  const id = await admin.post<number>("/notification", channel);
  await admin.post("/notification-group", { name: "On-call", notifications: [id] });
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/notification");
    await page.getByRole("button", { name: "Edit Bot" }).click();
    const editor = page.getByRole("dialog", { name: "Channel Bot" });
    await editor.getByLabel("Name", { exact: true }).fill("Beacon");
    await editor.getByRole("switch", { name: /Send a test message/ }).uncheck();
    await answer(editor, "Save");
    expect(await admin.get("/notification")).toMatchObject([{ name: "Beacon" }]);

    await open("/dashboard/notification-group");
    await page.getByRole("button", { name: "Edit On-call" }).click();
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("Night shift");
    await answer(page.getByRole("dialog"), "Save");
    await page.getByRole("row").filter({ hasText: "Night shift" }).getByText("Beacon").waitFor();
    await page.getByRole("button", { name: "Delete Night shift" }).click();
    await answer(page.getByRole("dialog"), "Delete");
    expect(await admin.get("/notification-group")).toEqual([]);

    await open("/dashboard/notification");
    await page.getByRole("button", { name: "Delete Beacon" }).click();
    await answer(page.getByRole("dialog"), "Delete");
    expect(await admin.get("/notification")).toEqual([]);
  });
});

test("a tunnel under the name that agents use needs that name typed", async () => {
  const stage = scene.stage();
  const { agent_secret: secret } = await stage.admin.get<{ agent_secret: string }>("/profile");
  const agent = createFakeAgent({ target: new URL(stage.base).host, authority: "agents.example.com", secret, uuid: uuidOf(99) });
  await agent.connect();
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/nat?edit=new");
    const editor = page.getByRole("dialog", { name: "Add tunnel" });
    await editor.getByLabel("Name", { exact: true }).fill("Door");
    await editor.getByLabel("Server", { exact: true }).selectOption({ index: 1 });
    await editor.getByLabel("Address there").fill("127.0.0.1:5000");
    await editor.getByLabel("Domain").fill("agents.example.com");
    await editor.getByRole("button", { name: "Create" }).click();
    await editor.getByLabel("Agents use this name").fill("agents.example.com");
    await answer(editor, "Create");
    expect(await stage.admin.get("/nat")).toMatchObject([{ name: "Door", domain: "agents.example.com" }]);
    await page.getByRole("button", { name: "Delete Door" }).click();
    await answer(page.getByRole("dialog"), "Delete");
    expect(await stage.admin.get("/nat")).toEqual([]);
  });
  agent.close();
});

test("an address of a status page that is taken is said at its field", async () => {
  const { admin } = scene.stage();
  await admin.post("/status-page", { slug: "main", title: "Main" });
  const id = await admin.post<number>("/status-page", { slug: "other", title: "Other" });
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open(`/dashboard/status-page/${id}`);
    const address = page.getByLabel("Address", { exact: true });
    await address.fill("main");
    await page.getByRole("button", { name: "What it shows" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("alert").getByText("Address: another page has this address").waitFor();
    // The tab of the field is opened, with the focus on it.
    await expect.poll(() => address.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await address.getAttribute("aria-invalid")).toBe("true");
    await address.fill("main-2");
    expect(await page.getByText("another page has this address").count()).toBe(0);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Save" }).waitFor({ state: "detached" });

    await open("/dashboard/status-page");
    await page.getByRole("button", { name: "Add status page" }).first().click();
    const form = page.getByRole("dialog", { name: "Add status page" });
    await form.getByLabel("Title").fill("Main");
    await form.getByRole("button", { name: "Create" }).click();
    await expect.poll(() => form.getByLabel("Address").getAttribute("aria-invalid")).toBe("true");
    await form.getByLabel("Address").fill("main-3");
    await form.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { level: 1, name: "Main" }).waitFor();
    expect(await admin.get("/status-page")).toHaveLength(3);
    await open("/dashboard/status-page");
    await page.getByRole("checkbox", { name: "Select all shown" }).check();
    await page.getByRole("region", { name: "3 selected" }).getByRole("button", { name: "Delete" }).click();
    await answer(page.getByRole("dialog"), "Delete 3 entries");
    await page.getByText("No status pages yet").waitFor();
    expect(await admin.get("/status-page")).toEqual([]);
  });
});

test("a template of updates is written, changed and deleted", async () => {
  const { admin } = scene.stage();
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/page-template");
    await page.getByRole("button", { name: "Add template" }).first().click();
    const editor = page.getByRole("dialog");
    await editor.getByLabel("Name", { exact: true }).fill("Outage");
    await editor.getByRole("textbox", { name: "Text", exact: true }).fill("We are looking into it.");
    await answer(editor, "Create");
    await page.getByRole("button", { name: "Edit Outage" }).click();
    await editor.getByLabel("Name", { exact: true }).fill("Power cut");
    await answer(editor, "Save");
    expect(await admin.get("/page-template")).toMatchObject([{ name: "Power cut", text: "We are looking into it." }]);
    await page.getByRole("button", { name: "Delete Power cut" }).click();
    await answer(page.getByRole("dialog"), "Delete");
    await page.getByText("No templates yet").waitFor();
  });
});

test("a token that is deleted opens nothing any more", async () => {
  const { admin, base } = scene.stage();
  const { token } = await admin.post<{ token: string }>("/api-tokens", { name: "script", scopes: ["nezha:inventory:read"] });
  const ask = async () => (await fetch(`${base}/api/v1/server`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect(await ask()).toBe(200);
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/settings/api-tokens");
    await page.getByRole("button", { name: "Delete script" }).click();
    await answer(page.getByRole("dialog", { name: "Delete this token?" }), "Delete the token");
    await page.getByText("No tokens yet").waitFor();
    expect(await ask()).toBe(401);
  });
});

test("everything is snoozed from the palette, and the snooze is ended", async () => {
  const { admin } = scene.stage();
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/");
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Go to" }).waitFor();
    await page.keyboard.type("snooze alerts");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Snooze alerts" });
    await answer(dialog, "Snooze");
    expect(await admin.get("/snooze")).toMatchObject([{ scope: "all" }]);
    await page.getByRole("row").filter({ hasText: "Everything" }).getByRole("button", { name: /End/ }).click();
    await answer(page.getByRole("dialog", { name: "End this snooze?" }), "End");
    await page.getByText("Nothing is snoozed").waitFor();
    expect(await admin.get("/snooze")).toEqual([]);
  });
});
