import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentProgram, pack } from "../../tools/programs.ts";
import { SIZE_NAMES } from "../browser.ts";
import { createLooks } from "../look.ts";
import { setScene } from "../scene.ts";

const scene = setScene({});
let folder: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "windfire-add-"));
  await pack("agent");
  const { admin } = scene.stage();
  await admin.post("/server-group", { name: "Europe", servers: [] });
  await admin.post("/user", { username: "olga", password: "olga's password", role: 1 });
});
afterAll(async () => {
  for (const child of running) child.kill("SIGTERM");
  await Promise.all(running.map((child) => new Promise((gone) => (child.exitCode === null ? child.once("close", gone) : gone(undefined)))));
  await rm(folder, { recursive: true, force: true });
});

/** Runs a line as somebody would who copied it, into a folder of the test's, where the script makes no service. */
async function paste(line: string, root: string): Promise<string> {
  const child = spawn("/bin/sh", ["-c", line], { cwd: folder, env: { PATH: process.env["PATH"] ?? "", WF_ROOT: root, TMPDIR: folder } });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const code = await new Promise((gone) => child.once("close", gone));
  if (code !== 0) throw new Error(`the line ended with ${String(code)}: ${text}`);
  return text;
}

function runAgent(root: string): void {
  const { nodeFlags } = agentProgram();
  const program = join(root, "opt/windfire-agent/agent.cjs");
  running.push(spawn(process.execPath, [...nodeFlags, program, "-c", join(root, "etc/windfire-agent/config.yml")], { stdio: "ignore" }));
}

test(
  "the line that is shown makes a host a server of the chosen owner and group, and the page says so live",
  { timeout: 120_000 },
  async () => {
    const { admin } = scene.stage();
    await scene.visit({}, async ({ page, open, signIn, picture }) => {
      await signIn();
      await open("/dashboard/servers?add=1");
      const dialog = page.getByRole("dialog", { name: "Add a server" });
      await dialog.getByText("listen_host: 127.0.0.1").waitFor();
      await dialog.getByLabel("Command").waitFor();
      await dialog.getByLabel("Name").fill("harbour-1");
      await dialog.getByLabel("Command").waitFor({ state: "detached" });
      await dialog.getByLabel("Command").waitFor();
      expect(await admin.get("/enrolment-code")).toContainEqual(expect.objectContaining({ name: "harbour-1" }));
      await dialog.getByLabel("Group").selectOption({ label: "Europe" });
      await dialog.getByLabel("Owner").selectOption({ label: "olga" });
      await dialog.getByText(/good once, for (10|9) min more/).waitFor();
      const line = await dialog.getByLabel("Command").innerText();
      const root = join(folder, "host");
      expect(await paste(line, root)).toContain("installed in");
      await dialog.getByText("harbour-1 is enrolled. Waiting for its first report.").waitFor();
      await dialog.getByText("The code in it is no longer good.").waitFor();
      runAgent(root);
      await dialog.getByText("harbour-1 is connected.").waitFor({ timeout: 40_000 });
      await picture("add-server-connected");
      const [server] = await admin.get<{ id: number; name: string; owner: { username: string } }[]>("/server");
      expect(server).toMatchObject({ name: "harbour-1", owner: { username: "olga" } });
      expect(await admin.get("/server-group")).toMatchObject([{ servers: [server?.id] }]);
      await expect(paste(line, join(folder, "second"))).rejects.toThrow(/was not enrolled/);

      await dialog.getByRole("link", { name: "Open" }).click();
      await page.getByRole("button", { name: "Close" }).first().click();
      await page.getByRole("link", { name: "Credentials of hosts" }).click();
      await page.getByRole("button", { name: "Revoke: harbour-1" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
      await page.getByText("No host has a credential of its own").waitFor();
      expect(await admin.get("/enrolment")).toEqual([]);
    });
  },
);

test("every system has its way, for our agent and the official one", async () => {
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/servers?add=1");
    const command = page.getByRole("dialog").getByLabel("Command");
    const shows = async (program: string, system: string, text: RegExp) => {
      await page.getByRole("group", { name: "Agent" }).getByText(program).click();
      await page.getByRole("group", { name: "System" }).getByText(system, { exact: true }).click();
      await expect.poll(() => command.innerText()).toMatch(text);
    };
    await shows("Windfire", "macOS", /\/install\/agent\.sh/);
    await shows("Windfire", "Windows", /\/install\/agent\.ps1" .*-File agent\.ps1$/);
    await shows("Windfire", "Docker", /^docker run -d .* node:26 sh -c/);
    await shows("Windfire", "By hand", /agent -c config\.yml$/);
    await shows("Nezha", "Linux", /install\.sh -o agent\.sh/);
    await shows("Nezha", "By hand", /^server: "127/);
  });
});

test.for(SIZE_NAMES)("adding a server and the hosts' credentials are sound in both themes (%s)", { timeout: 120_000 }, async (size) => {
  const looks = createLooks();
  await scene.visit({ size }, async (visit) => {
    await visit.signIn();
    await visit.open("/dashboard/servers?add=1");
    await visit.page.getByLabel("Command").waitFor();
    await looks.at(visit, `add-server-${size}`);
    await visit.open("/dashboard/enrolment");
    await visit.page.getByRole("heading", { name: "Open codes" }).waitFor();
    await looks.at(visit, `credentials-${size}`);
  });
  expect(looks.findings).toEqual([]);
});
