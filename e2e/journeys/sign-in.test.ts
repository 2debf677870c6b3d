import { expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { setScene } from "../scene.ts";
import { ADMIN } from "../stage.ts";

const scene = setScene({ agents: 1 });

test.for(SIZE_NAMES)("a wrong password is refused in words, the right one leads to where one wanted to go (%s)", async (size) => {
  await scene.visit({ size, expected: [/status of 401/] }, async ({ page, open }) => {
    await open("/dashboard/servers");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByLabel("User name").fill(ADMIN.username);
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "Wrong user name or password." }).waitFor();
    expect(await page.getByLabel("User name").inputValue()).toBe(ADMIN.username);

    await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("region", { name: "Servers" }).getByRole("table").waitFor();
    expect(new URL(page.url()).pathname).toBe("/dashboard/servers");
  });
});

test("signing out ends the session", async () => {
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/");
    await page.getByRole("button", { name: ADMIN.username }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await open("/dashboard/servers");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/dashboard/login");
  });
});
