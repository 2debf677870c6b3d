import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { unusedPort } from "@windfire/testkit";
import { programFile } from "./packed.mjs";
import { pack } from "./programs.ts";

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), "windfire-packed-"))));
afterEach(() => rm(directory, { recursive: true, force: true }));

function write(path: string, seconds: number): void {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
  utimesSync(file, seconds, seconds);
}

test("a pack is run while nothing that it was made of is newer", () => {
  const isPacked = (): boolean => programFile("dashboard", directory).packed;
  write("packages/kit/src/index.ts", 100);
  write("apps/dashboard/src/main.ts", 100);
  expect(isPacked()).toBe(false);
  write("apps/dashboard/dist/main.js", 200);
  expect(isPacked()).toBe(true);
  write("apps/dashboard/src/features/cron/cron.test.ts", 300);
  write("apps/agent/src/main.ts", 300);
  expect(isPacked()).toBe(true);
  write("packages/kit/src/deep/clock.ts", 300);
  expect(programFile("dashboard", directory)).toEqual({ file: join(directory, "apps/dashboard/src/main.ts"), packed: false });
});

test("the packed dashboard does what its sources do: pages, sign-in, description, history, maintenance, an end in order", async () => {
  await pack("dashboard");
  const { file, packed } = programFile("dashboard");
  expect(packed).toBe(true);
  await writeFile(join(directory, "config.yaml"), `listen_host: 127.0.0.1\nlisten_port: ${await unusedPort()}\n`, { mode: 0o600 });
  const child = spawn(process.execPath, [file, "-c", join(directory, "config.yaml"), "-db", join(directory, "sqlite.db")], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NZ_ADMIN_PASSWORD: "admin" },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let port = "";
  for await (const line of createInterface({ input: child.stdout })) {
    port = /START ON .*:(\d+)$/.exec(line)?.[1] ?? "";
    if (port !== "") break;
  }
  const base = `http://127.0.0.1:${port}`;
  const body = JSON.stringify({ username: "admin", password: "admin" });
  const signedIn = await fetch(`${base}/api/v1/login`, { method: "POST", body, headers: { "content-type": "application/json" } });
  const { data } = (await signedIn.json()) as { data: { token: string } };
  const headers = { authorization: `Bearer ${data.token}` };
  for (const path of ["/", "/api/openapi.json", "/api/v1/server", "/api/v1/service"]) {
    expect([path, (await fetch(`${base}${path}`, { headers })).status]).toEqual([path, 200]);
  }
  const maintenance = await fetch(`${base}/api/v1/maintenance`, { method: "POST", headers });
  expect(await maintenance.json()).toMatchObject({ success: true });
  child.stdout.resume();
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
}, 60_000);
