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
const CHECK = fileURLToPath(new URL("check-running.ts", import.meta.url));
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

test("a hang-up makes it read its files again, and a broken one ends nothing; who asks is told that it is ready", async () => {
  const configPath = join(directory, "config.yaml");
  const port = await unusedPort();
  const text = `listen_host: 127.0.0.1\nlisten_port: ${port}\nhistory: off\n`;
  await writeFile(configPath, text);
  const child = spawn(process.execPath, [PROGRAM, "-c", configPath, "-db", join(directory, "sqlite.db")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = async (part: string): Promise<string> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) return expect.fail(`it ended before it said ${part}`);
      if (value.includes(part)) return value;
    }
  };
  const check = async (...more: string[]): Promise<unknown> => {
    const asking = spawn(process.execPath, [CHECK, "--running", "-c", configPath, ...more], { stdio: ["ignore", "pipe", "inherit"] });
    const answer = asking.stdout.setEncoding("utf8").toArray();
    const code = new Promise<unknown>((resolve) => void asking.once("exit", resolve));
    return [await code, (await answer).join("")];
  };
  await said("START ON");
  expect(await check()).toEqual([0, expect.stringContaining('"status":"ready"')]);
  expect(await check("-port", "1")).toEqual([1, expect.stringContaining("no answer")]);
  expect(await check("-port", "1", "--quiet")).toEqual([1, ""]);
  await writeFile(configPath, `${text}log_format: text\nforce_auth: true\n`);
  child.kill("SIGHUP");
  expect(await said("was read again")).toContain('taken=["log_format"] restart=["force_auth"]');
  await writeFile(configPath, "[");
  child.kill("SIGHUP");
  expect(await said("could not be read again")).toContain("ERROR");
  await writeFile(configPath, text);
  child.kill("SIGTERM");
  child.stdout.resume();
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(await check()).toEqual([1, expect.stringContaining("no answer")]);
}, 60_000);
