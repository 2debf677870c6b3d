import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "@windfire/kit";
import { ensureConfig } from "./start/config-file.ts";
import { startDashboard } from "./start/dashboard.ts";
import { startOwnAgent } from "./start/own-agent.ts";
import { stopRequest } from "./start/stop-request.ts";
import { HALVES, vitePath, webFolder } from "./web-output.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DATA = join(ROOT, "data");
const FIRST_WEB_PORT = 5173;
const STOP_MS = 7_000;

const programFile = (app: string) => join(ROOT, "apps", app, "src", "main.ts");
const log = (line: string) => console.log(`windfire: ${line}`);
const deps = { clock: systemClock, output: process.stdout, errors: process.stderr, env: process.env, log };

/** One server with hot reload for each half of the web; both pass API calls on to the dashboard. */
function startWeb(target: string): ChildProcess[] {
  return HALVES.map((half, index) => {
    const args = [vitePath(), "--mode", half, "--host", "127.0.0.1", "--port", String(FIRST_WEB_PORT + index), "--strictPort"];
    return spawn(process.execPath, args, {
      cwd: webFolder,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, WINDFIRE_URL: `http://${target}` },
    });
  });
}

/** The programs of `npm start`, restarted when their source changes. */
async function develop(): Promise<void> {
  await ensureConfig(join(DATA, "config.yaml"), process.env);
  const stop = stopRequest();
  const dashboard = startDashboard({ ...deps, file: programFile("dashboard"), nodeFlags: ["--watch", "--watch-preserve-output"] }, DATA);
  const target = await Promise.race([dashboard.target, stop, dashboard.program.ended]);
  if (typeof target === "string" && target !== "stop") {
    const agent = await startOwnAgent({ ...deps, file: programFile("agent") }, DATA, target);
    const web = startWeb(target);
    await stop;
    for (const server of web) server.kill();
    await agent.stop(STOP_MS);
  }
  await dashboard.program.stop(STOP_MS);
}

await develop();
