import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { FIRST, SECOND } from "#platform/listener/testing";
import { unusedPort } from "@windfire/testkit";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("main.ts", import.meta.url));
let directory: string;
let taken: Server;
let port: number;
/** Two ports that nobody listens on. */
let free: number;
let other: number;

async function listen(): Promise<Server> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "windfire-failed-"));
  taken = await listen();
  port = portOf(taken);
  free = await unusedPort();
  other = await unusedPort();
});
afterEach(async () => {
  taken.close();
  await rm(directory, { recursive: true, force: true });
});

const config = (): string => join(directory, "data", "config.yaml");
const database = (): string => join(directory, "data", "sqlite.db");

async function put(lines: string): Promise<void> {
  await mkdir(join(directory, "data"), { recursive: true });
  await writeFile(config(), lines.includes("listen_host") ? lines : `listen_host: 127.0.0.1\n${lines}`);
}

function start(env: Record<string, string> = {}, flags: string[] = []) {
  const child = spawn(process.execPath, [PROGRAM, "-c", config(), "-db", database(), ...flags], {
    stdio: ["ignore", "pipe", "pipe"],
    cwd: directory,
    env: { ...process.env, ...env },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** What a start that fails says, and its exit code. */
async function failed(env: Record<string, string> = {}, flags: string[] = []) {
  const child = start(env, flags);
  const [out, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  return { out, errors, code };
}

/** Lines until the dashboard listens. */
async function listening(env: Record<string, string> = {}, flags: string[] = []): Promise<string> {
  const child = start(env, flags);
  let out = "";
  for await (const piece of child.stdout.setEncoding("utf8")) {
    out += String(piece);
    if (out.includes("START ON")) break;
  }
  child.kill("SIGTERM");
  child.stdout.resume();
  child.stderr.resume();
  await once(child, "exit");
  return out;
}

test("a taken port: one sentence with the port and what to do, no password, nothing written; the next start is a first one", async () => {
  const env = { NZ_LISTENHOST: "127.0.0.1", NZ_LISTENPORT: String(port) };
  const { out, errors, code } = await failed(env);
  const choose = `choose another port with --port, or listen_port in ${config()}`;
  expect(errors).toBe(`NEZHA>> ERROR: port ${port} on 127.0.0.1 is already in use by another program: stop that one, or ${choose}\n`);
  expect([out, code]).toEqual(["", 1]);
  expect(await readdir(directory)).toEqual([]);
  const first = await listening({ ...env, NZ_LISTENPORT: String(free) });
  expect(first).toMatch(/First start: sign in as admin with the password \w{20}\n[^]*START ON 127\.0\.0\.1:\d+/);
  expect(await readFile(config(), "utf8")).not.toContain("listen_port");
  const second = await listening(env, ["--port", String(other)]);
  expect(second).not.toContain("First start");
  expect(second).not.toContain(`:${port}`);
});

test("a taken port leaves an existing folder as it is: the old program may still run on it", async () => {
  await put(`listen_port: ${port}\n`);
  const before = await readFile(config(), "utf8");
  expect((await failed()).errors).toContain(`port ${port} on 127.0.0.1 is already in use`);
  expect(await readdir(join(directory, "data"))).toEqual(["config.yaml"]);
  expect(await readFile(config(), "utf8")).toBe(before);
});

const TLS = (): string =>
  `listen_port: ${other}\nhttps: {listen_port: ${port}, tls_cert_path: ${directory}/cert.pem, tls_key_path: ${directory}/key.pem}\n`;
const freeTls = (): string => TLS().replace(`listen_port: ${port}`, `listen_port: ${free}`);

test.each<[what: string, prepare: () => Promise<Record<string, string> | void>, sentence: () => string]>([
  [
    "the port for TLS is taken",
    () => put(TLS()),
    () =>
      `port ${port} on 127.0.0.1 is already in use by another program: stop that one, or choose another port with https.listen_port in ${config()}`,
  ],
  [
    "no certificate is named",
    () => put(`https: {listen_port: ${free}}\nlisten_port: ${other}\n`),
    () => "https.listen_port is set, so https.tls_cert_path must name a file",
  ],
  [
    "the certificate is not there",
    () => put(freeTls()),
    () => `cannot read https.tls_cert_path ${directory}/cert.pem: there is no such file or folder`,
  ],
  [
    "the key is a folder",
    async () => {
      await put(freeTls());
      await writeFile(join(directory, "cert.pem"), FIRST.cert);
      await mkdir(join(directory, "key.pem"));
    },
    () => `cannot read https.tls_key_path ${directory}/key.pem: it is a folder, not a file`,
  ],
  [
    "key and certificate do not fit",
    async () => {
      await put(freeTls());
      await writeFile(join(directory, "cert.pem"), FIRST.cert);
      await writeFile(join(directory, "key.pem"), SECOND.key);
    },
    () =>
      `${directory}/cert.pem (https.tls_cert_path) and ${directory}/key.pem (https.tls_key_path) are no certificate and key that fit together, in PEM: `,
  ],
  [
    "an address of another machine",
    () => put("listen_host: 192.0.2.1\n"),
    () => `cannot listen on 192.0.2.1: this machine has no such address; change listen_host in ${config()}`,
  ],
  ["a bad value", () => put("listen_port: many\n"), () => `${config()}: listen_port must be a whole number from 0 to 65535`],
  [
    "a bad variable",
    async () => {
      await put("");
      return { NZ_LISTENPORT: "many" };
    },
    () => "NZ_LISTENPORT must be a whole number from 0 to 65535",
  ],
  [
    "an unknown zone",
    () => put("location: Mars/Base\n"),
    () => `${config()}: location names the unknown time zone Mars/Base; write one like Europe/Berlin, UTC or Local`,
  ],
  ["no YAML", () => put("site_name: 'open\n"), () => `${config()}: Missing closing 'quote`],
  [
    "a folder in the place of the configuration",
    () => mkdir(config(), { recursive: true }).then(() => undefined),
    () => `cannot read the configuration ${config()}: it is a folder, not a file`,
  ],
  [
    "a folder in the place of the database",
    async () => {
      await put(`listen_port: ${other}\n`);
      await mkdir(database());
    },
    () => `cannot open the database ${database()}: it is a folder, not a file`,
  ],
  [
    "no database",
    async () => {
      await put(`listen_port: ${other}\n`);
      await writeFile(database(), "text ".repeat(500));
    },
    () => `cannot open the database ${database()}: file is not a database`,
  ],
  [
    "a password that is too long",
    async () => {
      await put(`listen_port: ${other}\n`);
      return { NZ_ADMIN_PASSWORD: "x".repeat(73) };
    },
    () => "NZ_ADMIN_PASSWORD must have at most 72 bytes",
  ],
])("%s: one sentence that names it, exit code 1, the configuration as it was", async (_what, prepare, sentence) => {
  const env = await prepare();
  const before = await readFile(config(), "utf8").catch(() => "");
  const { out, errors, code } = await failed(env ?? {});
  expect(errors).toContain(`NEZHA>> ERROR: ${sentence()}`);
  expect(errors.trimEnd()).not.toContain("\n    at ");
  expect(out).not.toContain("First start");
  expect(code).toBe(1);
  expect(await readFile(config(), "utf8").catch(() => "")).toBe(before);
});
