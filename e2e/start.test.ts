import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { unusedPort } from "@windfire/testkit";
import { createApi } from "./api.ts";
import { ADMIN } from "./dashboard.ts";

const START = ["tools/node.mjs", "tools/start.ts"];
const ROOT = fileURLToPath(new URL("..", import.meta.url));

let folder: string;
let port: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "windfire-start-"));
  port = await unusedPort();
});
afterEach(() => rm(folder, { recursive: true }));

function start(...args: string[]) {
  const env = { ...process.env, NZ_LISTENPORT: String(port), NZ_ADMIN_PASSWORD: ADMIN.password };
  const child = spawn(process.execPath, [...START, "--data", folder, ...args], { cwd: ROOT, env, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  const lookers = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    for (const look of lookers) look();
  });
  const printed = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (output.includes(text)) resolve();
      };
      lookers.add(look);
      look();
    });
  const ended = once(child, "exit") as Promise<[number | null]>;
  return { child, printed, ended, output: () => output };
}

test("one command gives a dashboard that watches this machine, and a signal stops both", async () => {
  const { child, printed, ended, output } = start();
  await printed("Windfire is running.");
  await printed("agent: ");
  const admin = await createApi(`http://127.0.0.1:${port}`, ADMIN);
  await expect.poll(() => admin.get<object[]>("/server"), { timeout: 20_000 }).toHaveLength(1);
  expect(output()).toContain(`http://127.0.0.1:${port}/dashboard/`);
  child.kill("SIGTERM");
  expect((await ended)[0]).toBe(0);
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow("fetch failed");
});

test("without an agent nothing reports", async () => {
  const { child, printed, ended } = start("--no-agent");
  await printed("Windfire is running.");
  const admin = await createApi(`http://127.0.0.1:${port}`, ADMIN);
  expect(await admin.get("/server")).toEqual([]);
  child.kill("SIGINT");
  expect((await ended)[0]).toBe(0);
});

test("a second one on the same folder fails and says so", async () => {
  const first = start("--no-agent");
  await first.printed("Windfire is running.");
  const second = start("--no-agent");
  expect((await second.ended)[0]).not.toBe(0);
  first.child.kill("SIGTERM");
  expect((await first.ended)[0]).toBe(0);
});
