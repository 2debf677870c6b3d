import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { createLooks } from "../look.ts";
import { setScene } from "../scene.ts";

const scene = setScene({ config: "step_up: all\n" });

/** A device that says yes to everything. */
async function giveAuthenticator(page: Page): Promise<Authenticator> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { forget: async () => void (await session.send("WebAuthn.clearCredentials", { authenticatorId })) };
}

interface Authenticator {
  /** The device is wiped: its passkeys are gone, and the dashboard does not know. */
  forget(): Promise<void>;
}

test("a passkey is added, signs in, and no longer does once it is removed", async () => {
  const { admin, base } = scene.stage();
  const user = { username: "lee", password: "lee's own password" };
  await admin.post("/user", { ...user, role: 1 });
  const site = base.replace("127.0.0.1", "localhost");
  await scene.visit({ expected: [/status of 401/] }, async (visit) => {
    const looks = createLooks();
    const { page } = visit;
    await giveAuthenticator(page);
    await page.goto(`${site}/dashboard/login`);
    await page.getByLabel("User name").fill(user.username);
    await page.getByLabel("Password", { exact: true }).fill(user.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor({ state: "detached" });

    await page.goto(`${site}/dashboard/profile`);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a passkey" });
    await dialog.getByLabel("Name").fill("laptop");
    await dialog.getByRole("button", { name: "Add a passkey" }).click();
    const list = page.getByRole("list", { name: "Passkeys" });
    await list.getByText("laptop").waitFor();
    await looks.at(visit, "passkeys");

    await page.context().clearCookies();
    await page.goto(`${site}/dashboard/login`);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor({ state: "detached" });
    await page.goto(`${site}/dashboard/profile`);
    await list.getByText("used").waitFor();

    await list.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await list.waitFor({ state: "detached" });
    await page.context().clearCookies();
    await page.goto(`${site}/dashboard/login`);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByRole("alert").filter({ hasText: "No passkey was used." }).waitFor();
    await looks.at(visit, "passkey-refused");
    expect(looks.findings).toEqual([]);
  });
});

test("under a name that is not configured the dashboard says what is missing", async () => {
  await scene.visit({}, async ({ page, open }) => {
    await giveAuthenticator(page);
    await open("/dashboard/login");
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByRole("alert").filter({ hasText: "set dashboard_host" }).waitFor();
    expect(await page.getByRole("heading", { name: "Sign in" }).count()).toBe(1);
  });
});

test("a passkey confirms who one is before what reaches far; a device that has lost it, or another factor, does not", async () => {
  const { admin, base } = scene.stage();
  const user = { username: "kim", password: "kim's own password" };
  await admin.post("/user", { ...user, role: 1 });
  const site = base.replace("127.0.0.1", "localhost");
  await scene.visit({}, async (visit) => {
    const looks = createLooks();
    const { page } = visit;
    const context = page.context();
    const device = await giveAuthenticator(page);
    const signIn = async () => {
      await context.clearCookies();
      await page.goto(`${site}/dashboard/login`);
      await page.getByLabel("User name").fill(user.username);
      await page.getByLabel("Password", { exact: true }).fill(user.password);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.getByRole("heading", { name: "Sign in" }).waitFor({ state: "detached" });
    };
    await signIn();
    const older = await context.cookies();
    await signIn();
    await page.goto(`${site}/dashboard/profile`);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a passkey" });
    await dialog.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByRole("list", { name: "Passkeys" }).waitFor();

    // The older session was proven by the password, which is a proof no more.
    await context.clearCookies();
    await context.addCookies(older);
    await page.goto(`${site}/dashboard/settings/api-tokens`);
    const create = async (name: string) => {
      await page.getByRole("button", { name: "Create token" }).first().click();
      const form = page.getByRole("dialog", { name: "Create token" });
      await form.getByLabel("Name").fill(name);
      await form.getByRole("button", { name: "Create", exact: true }).click();
    };
    await create("by passkey");
    const question = page.getByRole("dialog", { name: "Confirm it is you" });
    await question.getByLabel("Code", { exact: true }).fill("000000");
    await question.getByRole("button", { name: "Confirm" }).click();
    await question.getByRole("alert").filter({ hasText: "this code is not the one shown now" }).waitFor();
    await looks.at(visit, "passkey-step-up");
    await question.getByRole("button", { name: "Use a passkey" }).click();
    await page.getByRole("dialog", { name: "Token by passkey" }).getByRole("button", { name: "Done" }).click();

    // A device that was wiped proves nothing, here and at the sign-in.
    await device.forget();
    await context.clearCookies();
    await page.goto(`${site}/dashboard/login`);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByRole("alert").filter({ hasText: "No passkey was used." }).waitFor();
    expect(looks.findings).toEqual([]);
  });
});
