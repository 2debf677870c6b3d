import { expect, test } from "vitest";
import { setScene } from "../scene.ts";

const scene = setScene({ agents: 2 });

test("the palette goes to a server, a setting and an action by name, with keys alone", async () => {
  const stage = scene.stage();
  const name = await stage.nameOf(stage.agents[0]);
  await scene.visit({}, async ({ page, open, signIn, accessibilityProblems }) => {
    await signIn();
    await open("/dashboard/");
    await page.getByRole("button", { name: /^Go to/ }).waitFor();
    await page.keyboard.press("Control+k");
    const field = page.getByRole("combobox", { name: "Go to" });
    // The field has the focus without a click.
    await field.waitFor();
    await page.keyboard.type(name);
    await page.getByRole("option").first().getByText("Server", { exact: true }).waitFor();
    expect(await accessibilityProblems()).toEqual([]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name }).waitFor();
    await page.keyboard.press("Escape");

    await page.keyboard.press("Control+k");
    await field.fill("reserved");
    await page.keyboard.press("Enter");
    await page.getByLabel("Reserved hosts").waitFor();
    expect(new URL(page.url()).searchParams.get("tab")).toBe("network");

    await page.keyboard.press("Control+k");
    await field.fill("nothing like this");
    await page.getByText("Nothing is called").waitFor();
    await page.keyboard.press("Escape");
  });
});

test("letters go to pages, but not while something is written or when they are switched off", async () => {
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/");
    await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await page.getByRole("heading", { level: 1, name: "Servers" }).waitFor();
    await page.getByRole("row").nth(1).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("gv");
    expect(await page.getByRole("searchbox").inputValue()).toBe("gv");
    await open("/dashboard/profile");
    await page.getByRole("switch", { name: /Single-key/ }).uncheck();
    await page.getByRole("heading", { level: 1 }).click();
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    expect(new URL(page.url()).pathname).toBe("/dashboard/profile");
  });
});

test("rows are walked, chosen, edited and deleted by keys alone, and ? says which", async () => {
  const stage = scene.stage();
  for (const name of ["East", "North", "West"]) await stage.admin.post("/server-group", { name, servers: [] });
  await scene.visit({}, async ({ page, open, signIn, accessibilityProblems, picture }) => {
    await signIn();
    await open("/dashboard/server-group");
    const focused = async (name: string) => await expect.poll(() => page.locator(":focus").innerText()).toBe(name);
    await page.getByRole("row").filter({ hasText: "West" }).waitFor();
    await page.keyboard.press("j");
    await focused("East");
    await page.keyboard.press("x");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await focused("West");
    await page.keyboard.press("Shift+X");
    await page.getByRole("region", { name: "3 selected" }).waitFor();
    await page.keyboard.press("k");
    await focused("North");
    await page.keyboard.press("e");
    await page.getByRole("dialog", { name: "Edit North" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press(".");
    await page.getByRole("button", { name: "Duplicate" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("b");
    await focused("Delete");
    await page.keyboard.press("?");
    const list = page.getByRole("dialog", { name: "Keys" });
    await list.getByText("Next and previous row, or object in a drawer").waitFor();
    expect(await accessibilityProblems()).toEqual([]);
    await picture("keys");
    await page.keyboard.press("Escape");
    await list.waitFor({ state: "detached" });

    await open("/dashboard/servers?s=1");
    const [first, second] = [await stage.nameOf(stage.agents[0]), await stage.nameOf(stage.agents[1])];
    await page.getByRole("dialog", { name: first }).waitFor();
    await page.keyboard.press("j");
    await page.getByRole("dialog", { name: second }).waitFor();
    await page.keyboard.press("k");
    await page.getByRole("dialog", { name: first }).waitFor();
  });
});
