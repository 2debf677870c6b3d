import { expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { createLooks } from "../look.ts";
import { setScene } from "../scene.ts";

const scene = setScene({ agents: 2 });
const looks = createLooks();

test.for(SIZE_NAMES)("a guest goes to a server, a page and a group by name (%s)", async (size) => {
  const { admin, nameOf, agents } = scene.stage();
  const name = await nameOf(agents[0]);
  if (size === "desktop") await admin.post("/server-group", { name: "Lab", servers: [1] });
  await scene.visit({ size }, async (visit) => {
    const { page, open } = visit;
    await open("/");
    await page.getByRole("button", { name: "Go to" }).click();
    const field = page.getByRole("combobox", { name: "Go to" });
    await field.waitFor();
    await page.keyboard.type(name);
    await page.getByRole("dialog").getByRole("option").first().getByText("Server", { exact: true }).waitFor();
    await looks.at(visit, `public-palette-${size}`);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/server\/\d+$/);

    await page.keyboard.press("Control+k");
    await field.waitFor();
    await page.keyboard.type("lab");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: /^Lab/, pressed: true }).waitFor();
    expect(new URL(page.url()).searchParams.get("group")).toBe("Lab");

    await page.keyboard.press("Control+k");
    await field.fill("nothing like this");
    await page.getByText("Nothing is called").waitFor();
    await page.keyboard.press("Escape");
  });
});

test("keys step through the list and go to pages, and their list says so; letters can be switched off", async () => {
  await scene.visit({}, async (visit) => {
    const { page, open } = visit;
    await open("/?view=table");
    await page.getByRole("row").nth(2).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await looks.at(visit, "public-keys");
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    const first = await page.evaluate(() => document.activeElement?.getAttribute("href"));
    expect(first).toMatch(/^\/server\/\d+$/);
    await page.keyboard.press("j");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("href"))).not.toBe(first);
    await page.keyboard.press("k");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("href"))).toBe(first);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("h");
    await page.getByRole("searchbox").waitFor();
    await page.keyboard.press("?");
    await page.getByRole("checkbox", { name: /Single-key/ }).uncheck();
    await page.keyboard.press("Escape");
    await page.keyboard.press("v");
    await page.keyboard.press("?");
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe("/");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Go to" }).waitFor();
  });
});

test("palette and list of keys have no finding of axe", () => {
  expect(looks.findings).toEqual([]);
});
