import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createFakeAgent } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createApi } from "../api.ts";
import { openBrowser, startVisit } from "../browser.ts";
import { ADMIN, openDashboard } from "../dashboard.ts";
import { createLooks } from "../look.ts";
import { uuidOf } from "../stage.ts";

const HOUR_MS = 3_600_000;
const ADDRESS = "198.51.100.8";

/** What the agent of server 1 was an hour ago, as an earlier run of the dashboard noted it. */
function note(folder: string, before: Readonly<Record<string, string>>): void {
  const database = new DatabaseSync(join(folder, "sqlite.db"));
  const add = database.prepare("INSERT OR REPLACE INTO wf_agent_changes (server_id, what, at, value) VALUES (1, ?, ?, ?)");
  database.exec("DELETE FROM wf_agent_changes");
  for (const [what, value] of Object.entries(before)) add.run(what, Date.now() - HOUR_MS, value);
  database.close();
}

test("a newer agent, and one at another address, are in the history of the server and among its events", async () => {
  const dashboard = await openDashboard();
  const browser = await openBrowser();
  const agents: { close(): void }[] = [];
  const connect = async (): Promise<void> => {
    const who = { target: dashboard.target, secret: dashboard.agentSecret, uuid: uuidOf(1), ipv4: ADDRESS };
    const agent = createFakeAgent({ ...who, host: { version: "9.9.9" } });
    agents.push(agent);
    await agent.connect();
    await agent.report();
  };
  try {
    await connect();
    await dashboard.stop();
    note(dashboard.folder, { version: "9.9.8", address: "198.51.100.7" });
    await dashboard.start();
    await connect();
    const admin = await createApi(dashboard.base, ADMIN);
    await expect.poll(() => admin.get("/server/1/agent-changes?days=1"), { timeout: 40_000, interval: 500 }).toMatchObject([{}, {}]);

    const looks = createLooks();
    const owner = await startVisit(browser, dashboard.base);
    const { page, open, signIn } = owner;
    await signIn();
    await open("/dashboard/servers?s=1&t=history");
    await page.getByText(`Address: 198.51.100.7 → ${ADDRESS}`).waitFor();
    await page.getByText("Agent version: 9.9.8 → 9.9.9").waitFor();
    await looks.at(owner, "server-agent-changes");
    await open("/server/1?tab=events");
    await page.getByText("Agent version: 9.9.8 → 9.9.9").waitFor();
    await page.getByText("The address changed").waitFor();
    expect(await page.getByText("198.51.100").count()).toBe(0);
    await looks.at(owner, "public-agent-changes");
    await owner.close();

    const guest = await startVisit(browser, dashboard.base);
    await guest.open("/server/1?tab=events");
    await guest.page.getByText(/^(?:Nothing happened in this time\.|Nothing is known of this time yet)$/).waitFor();
    expect(await guest.page.getByText(/The address changed|Agent version/).count()).toBe(0);
    await guest.close();
    expect(looks.findings).toEqual([]);
  } finally {
    for (const agent of agents) agent.close();
    await browser.close();
    await dashboard.close();
  }
}, 120_000);
