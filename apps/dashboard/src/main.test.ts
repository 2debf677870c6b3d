import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { unusedPort } from "@windfire/testkit";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("main.ts", import.meta.url));
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "windfire-main-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Everything below the folder that somebody else could read, with its mode. */
async function readableByOthers(): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true });
  const modes = await Promise.all(entries.map(async (name) => ({ name, mode: (await stat(join(directory, name))).mode & 0o777 })));
  return modes.filter(({ mode }) => (mode & 0o077) !== 0).map(({ name, mode }) => `${name} ${mode.toString(8)}`);
}

test("files that a dashboard makes are its owner's alone, while it runs and afterwards; a signal stops it in order", async () => {
  const configPath = join(directory, "config.yaml");
  await writeFile(configPath, `listen_host: 127.0.0.1\nlisten_port: ${await unusedPort()}\n`, { mode: 0o600 });
  const child = spawn(process.execPath, [PROGRAM, "-c", configPath, "-db", join(directory, "sqlite.db")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  for await (const line of createInterface({ input: child.stdout })) if (line.includes("START ON")) break;
  expect(await readdir(directory)).toEqual(expect.arrayContaining(["sqlite.db", "history"]));
  expect(await readableByOthers()).toEqual([]);
  child.kill("SIGTERM");
  child.stdout.resume();
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(await readableByOthers()).toEqual([]);
}, 60_000);
