import { expect, test } from "vitest";
import { setScene } from "../scene.ts";

/** The dashboard says it is somewhere else than where the browser is. */
const scene = setScene({ config: "dashboard_host: status.example.org\n" });

test("a page of another origin gets no passkey of the dashboard: the browser refuses, and nobody is signed in", async () => {
  const site = scene.stage().base.replace("127.0.0.1", "localhost");
  await scene.visit({}, async ({ page }) => {
    const session = await page.context().newCDPSession(page);
    await session.send("WebAuthn.enable");
    await session.send("WebAuthn.addVirtualAuthenticator", {
      options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
    });
    await page.goto(`${site}/dashboard/login`);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByRole("alert").filter({ hasText: "No passkey was used." }).waitFor();
    expect(await page.getByRole("heading", { name: "Sign in" }).count()).toBe(1);
  });
});
