import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTcpLink, serverFolder, startPostgres, startServerProgram, unusedPort } from "@windfire/testkit";
import type { PostgresServer, ServerProgram, TcpLink } from "@windfire/testkit";

let server: PostgresServer;
let link: TcpLink | undefined;
let program: ServerProgram | undefined;
let folder: Awaited<ReturnType<typeof serverFolder>>;
beforeAll(async () => {
  [server, folder] = await Promise.all([startPostgres(), serverFolder("unanswered")]);
});
afterAll(async () => {
  await program?.stop("SIGKILL");
  await link?.close();
  await server.remove();
  await folder.remove();
});

/** A statement is given up after 75 s: whoever waited for one did not end before. */
const STOP_MS = 60_000;

test("a dashboard whose database answers nothing any more ends all the same when it is told to", { timeout: 180_000 }, async () => {
  const database = await server.createDatabase("unanswered");
  link = await openTcpLink(Number(new URL(database).port));
  const address = Object.assign(new URL(database), { port: String(link.port) }).href;
  const port = await unusedPort();
  const base = `http://127.0.0.1:${port}`;
  const configPath = join(folder.path, "config.yaml");
  await writeFile(configPath, `listen_host: 127.0.0.1\nlisten_port: ${port}\nhistory: off\ndatabase: ${address}\n`);
  program = await startServerProgram({
    command: process.execPath,
    args: [join(import.meta.dirname, "main.ts"), "-c", configPath, "-db", join(folder.path, "sqlite.db")],
    // The last that a first start writes.
    isReady: async () =>
      (await fetch(`${base}/healthz`)).ok && (await server.query(database, "SELECT key FROM wf_meta WHERE key = 'untold_password'")) === "",
    patienceMs: 60_000,
  });
  // A strike is written: whatever was asked before it is answered.
  const body = JSON.stringify({ username: "admin", password: "wrong" });
  await (await fetch(`${base}/api/v1/login`, { method: "POST", headers: { "content-type": "application/json" }, body })).text();
  link.cut();
  const began = performance.now();
  await program.stop("SIGTERM");
  const took = performance.now() - began;
  console.log(`stopped after ${Math.round(took)} ms`);
  expect(took).toBeLessThan(STOP_MS);
  await expect(fetch(`${base}/healthz`)).rejects.toThrow("fetch failed");
});
