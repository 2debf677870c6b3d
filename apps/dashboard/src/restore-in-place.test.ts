import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unusedPort } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeBackup } from "#features/backup";
import { createSealing } from "#platform/sealing";

const PROGRAM = fileURLToPath(new URL("main.ts", import.meta.url));
const json = { "content-type": "application/json" };

let folder: string;
let port: number;
let child: ChildProcess;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "restore-in-place-"));
  port = await unusedPort();
  await writeFile(join(folder, "config.yaml"), `listen_host: 127.0.0.1\nlisten_port: ${port}\nsite_name: First\nhistory: off\n`);
  await started();
}, 30_000);
afterEach(async () => {
  if (child.exitCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  await rm(folder, { recursive: true, force: true });
});

/** Starts the program, and waits until it listens. */
async function started(): Promise<void> {
  child = spawn(process.execPath, [PROGRAM, "-c", join(folder, "config.yaml"), "-db", join(folder, "sqlite.db")], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, NZ_ADMIN_PASSWORD: "admin-password" },
  });
  await listening();
}

async function listening(): Promise<void> {
  const { stdout } = child;
  if (stdout === null) throw new Error("nothing is read of it");
  let text = "";
  for await (const piece of stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    text += String(piece);
    if (text.includes("START ON")) return;
  }
  throw new Error(`it did not start: ${text}`);
}

async function signIn(): Promise<(method: string, path: string, body?: string | Buffer) => Promise<Record<string, never>>> {
  const base = `http://127.0.0.1:${port}/api/v1`;
  const form = JSON.stringify({ username: "admin", password: "admin-password" });
  const { data } = (await (await fetch(`${base}/login`, { method: "POST", headers: json, body: form })).json()) as {
    data: { token: string };
  };
  return async (method, path, body) => {
    const response = await fetch(base + path, {
      method,
      headers: { authorization: `Bearer ${data.token}` },
      ...(body === undefined ? {} : { body }),
    });
    const answer = (await response.json()) as { success: boolean; error?: string; data: Record<string, never> };
    if (!answer.success) throw new Error(answer.error);
    return answer.data;
  };
}

/** A backup of what runs, with these lines in its configuration. */
async function backupWith(lines: string): Promise<Buffer> {
  const configPath = join(folder, "other.yaml");
  await writeFile(configPath, (await readFile(join(folder, "config.yaml"), "utf8")).replace(/listen_port: \d+/, lines));
  const backup = await makeBackup({
    installation: { configPath, databasePath: join(folder, "sqlite.db") },
    program: "0.1.0",
    env: {},
    now: () => Date.UTC(2026, 0, 1),
    sealingOf: createSealing,
    passphrase: undefined,
  });
  const pieces: Uint8Array[] = [];
  for await (const piece of backup.bytes()) pieces.push(piece);
  await backup.snapshot.remove();
  return Buffer.concat(pieces);
}

const rename = (name: string): string => JSON.stringify({ site_name: name, language: "en_US", user_template: "user-dist" });

test("a backup that is sent takes the place of what runs, which stays beside it", async () => {
  const call = await signIn();
  const backup = await backupWith(`listen_port: ${port}`);
  await call("PATCH", "/setting", rename("Second"));
  await call("POST", "/backup/upload", backup);
  await call("POST", "/backup/restore", "{}");
  expect(await call("GET", "/backup")).toMatchObject({ uploaded: { encrypted: false }, prepared: { own: true, ordered: false } });
  const restarted = listening();
  await call("POST", "/backup/restore/apply");
  await restarted;
  const after = await signIn();
  expect(await after("GET", "/setting")).toMatchObject({ config: { site_name: "First" } });
  await expect
    .poll(async () => after("GET", "/backup"))
    .toMatchObject({ last_restore: { error: "", kept_in: expect.any(String) as string } });
  const state = await after("GET", "/backup");
  expect(state).not.toHaveProperty("prepared");
  const kept = (await readdir(folder)).find((name) => name.startsWith("before-restore-")) ?? "";
  expect(await readFile(join(folder, kept, "config.yaml"), "utf8")).toContain("Second");
  expect(JSON.stringify(await after("GET", "/audit"))).toContain("backup.restored");
}, 60_000);

test("one that no dashboard starts on is taken back, and what ran before says why", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  try {
    const call = await signIn();
    await call("POST", "/backup/upload", await backupWith(`listen_port: ${(taken.address() as AddressInfo).port}`));
    await call("POST", "/backup/restore", "{}");
    const restarted = listening();
    await call("POST", "/backup/restore/apply");
    await restarted;
    const after = await signIn();
    await expect
      .poll(async () => after("GET", "/backup"))
      .toMatchObject({
        last_restore: { kept_in: "", error: expect.stringContaining("is already in use") as string },
      });
    expect((await readdir(folder)).filter((name) => name.startsWith("before-"))).toEqual([]);
  } finally {
    taken.close();
  }
}, 60_000);
