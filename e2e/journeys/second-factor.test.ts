import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { generateSync } from "otplib";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { createLooks } from "../look.ts";
import { setScene } from "../scene.ts";
import { ADMIN } from "../stage.ts";

const scene = setScene({ config: "step_up: all\n" });

const STEP_MS = 30_000;

/** The code of the step after this one is good too, and is none of those used before. */
const codeOf = (secret: string, stepsAhead = 0): string =>
  generateSync({ secret, epoch: Math.floor((Date.now() + stepsAhead * STEP_MS) / 1000) });

/** As if ten minutes had passed since the sign-in. The program reads a session when it is first used. */
function forgetProofs(folder: string): void {
  const database = new DatabaseSync(join(folder, "sqlite.db"));
  database.exec("PRAGMA busy_timeout = 5000");
  database.exec("UPDATE wf_sessions SET proven_at = 0");
  database.close();
}

async function signInBy(page: Page, user: { username: string; password: string }): Promise<void> {
  await page.getByLabel("User name").fill(user.username);
  await page.getByLabel("Password", { exact: true }).fill(user.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

test.for(SIZE_NAMES)("a second factor is set up, asked for, stood in for by a recovery code, and taken away (%s)", async (size) => {
  const user = { username: `lee-${size}`, password: "lee's own password" };
  await scene.stage().admin.post("/user", { ...user, role: 1 });
  await scene.visit({ size, expected: [/status of 401/] }, async (visit) => {
    const looks = createLooks();
    const { page, open, signIn } = visit;
    await signIn(user);
    await open("/dashboard/profile");
    await page.getByRole("button", { name: "Set up a second factor" }).click();
    const dialog = page.getByRole("dialog", { name: "Set up a second factor" });
    await dialog.getByRole("img", { name: "QR code of the key" }).waitFor();
    await looks.at(visit, `second-factor-set-up-${size}`);
    const secret = (await dialog.getByLabel("Key", { exact: true }).textContent()) ?? "";
    await dialog.getByLabel("Code", { exact: true }).fill("000000");
    await dialog.getByRole("button", { name: "Turn on" }).click();
    await dialog.getByRole("alert").filter({ hasText: "is not the one shown now" }).waitFor();
    await dialog.getByLabel("Code", { exact: true }).fill(codeOf(secret));
    await dialog.getByRole("button", { name: "Turn on" }).click();

    const kept = page.getByRole("dialog", { name: "Recovery codes" });
    const codes = ((await kept.getByLabel("Recovery codes").last().textContent()) ?? "").trim().split("\n");
    expect(codes).toHaveLength(10);
    await looks.at(visit, `second-factor-codes-${size}`);
    await kept.getByRole("button", { name: "Done" }).click();
    await page.getByText("Recovery codes left: 10.").waitFor();

    await page.context().clearCookies();
    await open("/dashboard/login");
    await signInBy(page, user);
    await page.getByLabel("Code", { exact: true }).fill("000000");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "Wrong user name, password or code." }).waitFor();
    await looks.at(visit, `second-factor-sign-in-${size}`);
    await page.getByLabel("Code", { exact: true }).fill(codes[0] ?? "");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor({ state: "detached" });
    await open("/dashboard/profile");
    await page.getByText("Recovery codes left: 9.").waitFor();

    await page.getByRole("button", { name: "Turn off" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Turn off" }).click();
    await page.getByRole("button", { name: "Set up a second factor" }).waitFor();
    expect(looks.findings).toEqual([]);
  });
});

test.for(SIZE_NAMES)("what reaches far asks who is there in a dialog, and goes on by itself (%s)", async (size) => {
  await scene.visit({ size }, async (visit) => {
    const looks = createLooks();
    const { page, open, signIn } = visit;
    await signIn(ADMIN);
    forgetProofs(scene.stage().folder);
    await open("/dashboard/settings/api-tokens");
    await page.getByRole("button", { name: "Create token" }).first().click();
    const form = page.getByRole("dialog", { name: "Create token" });
    await form.getByLabel("Name").fill("for a script");
    await form.getByRole("button", { name: "Create", exact: true }).click();
    const question = page.getByRole("dialog", { name: "Confirm it is you" });
    await question.getByLabel("Password", { exact: true }).fill("not the password");
    await question.getByRole("button", { name: "Confirm" }).click();
    await question.getByRole("alert").filter({ hasText: "incorrect password" }).waitFor();
    await looks.at(visit, `step-up-${size}`);
    await question.getByRole("button", { name: "Cancel" }).click();
    await form.getByRole("alert").filter({ hasText: "confirm it is you" }).waitFor();

    await form.getByRole("button", { name: "Create", exact: true }).click();
    await question.getByLabel("Password", { exact: true }).fill(ADMIN.password);
    await question.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("dialog", { name: "Token for a script" }).waitFor();
    expect(looks.findings).toEqual([]);
  });
});
