import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { artefact, cleanEnvironment, emptyFolder, run, startDashboard, VERSION } from "./testing/artefacts.ts";

const X64 = artefact(`windfire-${VERSION}-linux-x64`);
const MAX_SECONDS = 60;

interface Row {
  readonly host: { readonly platform?: string };
}

test.runIf(process.platform === "linux" && process.arch === "x64" && existsSync(X64))(
  "from the one line on a fresh host to its row takes less than a minute, by the signed release alone; afterwards nothing is left",
  async () => {
    const folder = emptyFolder();
    const host = join(folder, "host");
    const dashboard = await startDashboard(folder, [X64, "dashboard"], { WINDFIRE_CACHE: join(folder, "cache") });
    const headers = await dashboard.signIn();
    const made = await fetch(`${dashboard.base}/api/v1/enrolment-code`, { method: "POST", headers, body: "{}" });
    const { data } = (await made.json()) as { data: { code: string } };
    const began = performance.now();
    const line = `curl -fsSLo agent.sh ${dashboard.base}/install/agent.sh && env NZ_SERVER=127.0.0.1:${dashboard.port} NZ_TLS=false WF_CODE=${data.code} WF_ROOT=${host} sh agent.sh`;
    const installed = run(folder, ["sh", "-c", line]);
    expect(installed).toMatchObject({ code: 0, text: expect.stringContaining("the release is signed by its key") as string });
    const node = join(host, "opt/windfire-agent/node");
    const agent = spawn(node, [join(host, "opt/windfire-agent/agent.cjs"), "-c", join(host, "etc/windfire-agent/config.yml")], {
      stdio: "ignore",
      env: cleanEnvironment(),
    });
    onTestFinished(() => void agent.kill("SIGKILL"));
    const seen = async (): Promise<string | undefined> => {
      const { data: rows } = (await (await fetch(`${dashboard.base}/api/v1/server`, { headers })).json()) as { data: Row[] };
      return rows[0]?.host.platform;
    };
    await expect.poll(seen, { timeout: MAX_SECONDS * 1000, interval: 200 }).toBeTruthy();
    const seconds = (performance.now() - began) / 1000;
    console.log(`from the line to the row: ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThan(MAX_SECONDS);
    expect(readFileSync(join(host, "etc/windfire-agent/config.yml"), "utf8")).toContain("permits:");
    agent.kill("SIGTERM");
    expect(run(folder, ["sh", "agent.sh", "uninstall"], { WF_ROOT: host })).toMatchObject({ code: 0 });
    expect(run(folder, ["find", host, "-type", "f"]).text).toBe("");
    await dashboard.stop();
  },
);
