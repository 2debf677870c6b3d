import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@windfire/kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createReferenceFile } from "#platform/database/testing";
import { inspectFolder } from "./inspect.ts";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "inspect-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const CONFIG = `listen_host: 127.0.0.1\nlisten_port: 0\njwt_secret_key: ${"k".repeat(64)}\nagent_secret_key: a\n`;
const CURRENT = `${CONFIG}jwt_secret_key_last_rotated_version: 2.3.7\n`;

/** Name, time and bytes of everything in the folder. */
async function stateOf(path: string): Promise<string[]> {
  const names = (await readdir(path, { recursive: true })).toSorted();
  const lines = names.map(async (name) => {
    const { mtimeMs, size } = await stat(join(path, name));
    return `${name} ${mtimeMs} ${size} ${createHash("sha256")
      .update(await readFile(join(path, name)))
      .digest("hex")}`;
  });
  return Promise.all(lines);
}

async function inspect(): Promise<string[]> {
  const before = await stateOf(folder);
  const { mtimeMs } = await stat(folder);
  const findings = await inspectFolder(folder, { clock: systemClock, env: {} });
  expect(await stateOf(folder)).toEqual(before);
  expect((await stat(folder)).mtimeMs).toBe(mtimeMs);
  return findings.map(({ weight, text }) => `${weight}: ${text}`);
}

test("an installation of Nezha: what stays, what is not kept, and nothing is touched", async () => {
  await writeFile(join(folder, "config.yaml"), CURRENT);
  createReferenceFile(join(folder, "sqlite.db"), [
    "INSERT INTO services (id, name, type, skip_servers_raw) VALUES (1, 'a', 1, '{}'), (2, 'old', 7, '{}'), (3, 'b', 2, '{broken')",
    "INSERT INTO crons (id, name, task_type, scheduler) VALUES (1, 'c', 0, 'whenever')",
    "INSERT INTO service_histories (service_id, server_id) VALUES (9, 0)",
    "INSERT INTO api_tokens (id, user_id, name, token_hash, scopes_csv) VALUES (1, 1, 't', 'h', 'mcp:fs:write')",
  ]);
  const lines = await inspect();
  expect(lines).toContain("note: the database is one of Nezha 2.1.5 or later: missing tables and columns are added, existing ones stay");
  expect(lines).toContain("note: sessions, access tokens and passwords stay good");
  expect(lines).toContain("lost: services of a type that is not probed stay in the database, unseen: id 2");
  expect(lines).toContain("lost: services.skip_servers_raw cannot be read and counts as empty: id 3");
  expect(lines).toContain("lost: tasks with a schedule that cannot be read are listed and do not run: id 1");
  expect(lines).toContain("lost: 1 results of services that are gone are not shown");
  expect(lines).toContain("lost: 1 of 1 rows of api_tokens are removed, as Nezha does at its start");
  expect(lines.filter((line) => line.startsWith("stop"))).toEqual([]);
}, 60_000);

test("a key that has to be renewed, a port in use and a missing database are told", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    await writeFile(join(folder, "config.yaml"), CONFIG.replace("listen_port: 0", `listen_port: ${port}`));
    const lines = await inspect();
    expect(lines).toContain("lost: the key that signs sessions is renewed: everybody signs in again");
    expect(lines.some((line) => line.startsWith(`stop: port ${port} on 127.0.0.1 is already in use`))).toBe(true);
    expect(lines[0]).toMatch(/^note: .*sqlite.db is missing: the dashboard begins anew/);
  } finally {
    server.close();
  }
});

test("rows in PostgreSQL are not looked at: there is no copy of them to try on", async () => {
  await writeFile(join(folder, "config.yaml"), `${CURRENT}database: postgres://me:hunter2@127.0.0.1:1/wf\n`);
  createReferenceFile(join(folder, "sqlite.db"));
  const lines = await inspect();
  expect(lines[0]).toBe("note: the rows are in postgres://127.0.0.1:1/wf, which is not looked at");
  expect(lines.join("\n")).not.toMatch(/hunter2|^stop/m);
});

test("what cannot be opened will not start: another program's file, damage, an unusable configuration", async () => {
  await writeFile(join(folder, "config.yaml"), CURRENT);
  await writeFile(join(folder, "sqlite.db"), "no database at all, but long enough to be looked at as one".repeat(20));
  expect((await inspect())[0]).toMatch(/^stop: the database cannot be read/);
  await rm(join(folder, "sqlite.db"));
  createReferenceFile(join(folder, "sqlite.db"), ["CREATE TABLE monitors (id integer)"]);
  await writeFile(join(folder, "config.yaml"), CURRENT.replace("listen_port: 0", "listen_port: many"));
  const lines = await inspect();
  expect(lines.some((line) => /^stop: .*config\.yaml: listen_port must be/.test(line))).toBe(true);
}, 60_000);
