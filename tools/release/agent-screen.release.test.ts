import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openBrowser, startVisit } from "../../e2e/browser.ts";
import { artefact, cleanEnvironment, emptyFolder, run, startDashboard, VERSION } from "./testing/artefacts.ts";

const X64 = artefact(`windfire-${VERSION}-linux-x64`);
const CHROMIUM = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const MAX_SECONDS = 60;

test.runIf(process.platform === "linux" && process.arch === "x64" && existsSync(X64) && existsSync(CHROMIUM))(
  "from the line that the page shows, pasted on a fresh host, to its row on the screen in less than a minute",
  async () => {
    const folder = emptyFolder();
    const host = join(folder, "host");
    const dashboard = await startDashboard(folder, [X64, "dashboard"], { WINDFIRE_CACHE: join(folder, "cache") });
    const browser = await openBrowser();
    onTestFinished(() => browser.close());
    const { page, open, signIn, picture } = await startVisit(browser, dashboard.base);
    await signIn({ username: "admin", password: "a password" });
    await open("/dashboard/servers?add=1");
    const dialog = page.getByRole("dialog", { name: "Add a server" });
    await dialog.getByLabel("Name").fill("harbour-1");
    await page.keyboard.press("Tab");
    await dialog.getByText(/good once, for (10|9) min more/).waitFor();
    const line = await dialog.getByLabel("Command").innerText();

    const began = performance.now();
    expect(run(folder, ["sh", "-c", line], { WF_ROOT: host })).toMatchObject({ code: 0 });
    // Where no service manager belongs to the host's root, its service is started by hand.
    const words = [join(host, "opt/windfire-agent/agent.cjs"), "-c", join(host, "etc/windfire-agent/config.yml")];
    const agent = spawn(join(host, "opt/windfire-agent/node"), words, { stdio: "ignore", env: cleanEnvironment() });
    onTestFinished(() => void agent.kill("SIGKILL"));
    await dialog.getByText("harbour-1 is connected.").waitFor({ timeout: MAX_SECONDS * 1000 });
    await dialog.getByRole("button", { name: "Close" }).first().click();
    const row = page.getByRole("row").filter({ hasText: "harbour-1" });
    await row.getByText(/%/).first().waitFor();
    const seconds = (performance.now() - began) / 1000;
    console.log(`from the pasted line to the row on the screen: ${seconds.toFixed(1)} s`);
    await picture("fresh-host-row");
    expect(seconds).toBeLessThan(MAX_SECONDS);
    agent.kill("SIGTERM");
    await dashboard.stop();
  },
);
