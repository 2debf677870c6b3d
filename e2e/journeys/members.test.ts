import { beforeAll, expect, test } from "vitest";
import { createApi } from "../api.ts";
import { SIZE_NAMES } from "../browser.ts";
import { setScene } from "../scene.ts";

const MEMBER = { username: "lee", password: "lee's own password" };
const ADMIN_PAGES = ["Users", "Online now", "Firewall", "Settings"];

const scene = setScene({ agents: 3 });
beforeAll(async () => {
  const { admin, base, addAgent } = scene.stage();
  await admin.post("/user", { ...MEMBER, role: 1 });
  const member = await createApi(base, MEMBER);
  const { agent_secret } = await member.get<{ agent_secret: string }>("/profile");
  await addAgent(agent_secret);
});

test.for(SIZE_NAMES)("a member sees the own servers, and no page for administrators (%s)", async (size) => {
  await scene.visit({ size }, async ({ page, open, signIn }) => {
    const stage = scene.stage();
    const own = await stage.nameOf(stage.agents[3]);
    await signIn(MEMBER);
    await open("/dashboard/servers");
    await page.getByRole("button", { name: own, exact: true }).waitFor();
    expect(await page.getByRole("region", { name: "Servers" }).getByRole("table").locator("tbody tr").count()).toBe(1);

    const navigation = page.getByRole("navigation", { name: "Console" }).filter({ visible: true });
    if (size === "phone") await navigation.getByRole("button", { name: "More" }).click();
    await page.getByRole("link", { name: "Tokens" }).filter({ visible: true }).waitFor();
    for (const name of ADMIN_PAGES) expect(await page.getByRole("link", { name, exact: true }).filter({ visible: true }).count()).toBe(0);

    await open("/dashboard/settings/user");
    await page.getByText("Only administrators can see this").waitFor();
  });
});

test("a member's Home counts the own servers and services alone", async () => {
  const { admin } = scene.stage();
  await admin.post("/service", { name: "Of the administrator", type: 1, target: "https://example.com", duration: 30 });
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn(MEMBER);
    await open("/dashboard/");
    await expect.poll(() => page.getByText("1 of 1 servers are fine.", { exact: true }).count()).toBe(1);
  });
});

test("a reader's wish for lower rows and fields holds at once and after a reload", async () => {
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn(MEMBER);
    await open("/dashboard/profile");
    const height = () => page.getByLabel("User name").evaluate((field) => field.getBoundingClientRect().height);
    const before = await height();
    await page.getByRole("switch", { name: /^Compact/ }).check({ force: true });
    expect(await height()).toBeLessThan(before);
    await page.reload();
    await expect.poll(height).toBeLessThan(before);
  });
});
