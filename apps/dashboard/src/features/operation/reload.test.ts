import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFactBus } from "#kernel";
import { createAuditLog } from "#platform/audit";
import { loadConfig } from "#platform/config";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createReload } from "./index.ts";

const KEYS = "jwt_secret_key: signing-key-of-more-than-32-letters-x\njwt_secret_key_last_rotated_version: 2.3.7\nagent_secret_key: s\n";
let folder: string;
let path: string;
let temporary: TemporaryDatabase;
beforeEach(async () => {
  temporary = await openTemporaryDatabase();
  folder = await mkdtemp(join(tmpdir(), "windfire-reload-"));
  path = join(folder, "config.yaml");
});
afterEach(async () => {
  await temporary.remove();
  await rm(folder, { recursive: true, force: true });
});

async function open(text: string, reloadCertificate = async (): Promise<boolean> => false) {
  await writeFile(path, KEYS + text);
  const config = await loadConfig({ path, env: { NZ_SITENAME: "from outside" }, randomText: () => "k", version: "2.3.7" });
  const lines: [string, object | undefined][] = [];
  const line = (said: string, details?: object): void => void lines.push([said, details]);
  const published: (readonly string[])[] = [];
  const facts = createFactBus({ onListenerError: (name) => line(name) });
  facts.subscribe("setting.updated", ({ keys }) => void published.push(keys));
  const applied: string[] = [];
  const reread: string[] = [];
  const { database } = temporary;
  const reload = createReload({
    config,
    settings: { reread: async () => void reread.push(config.current.logLevel) },
    database,
    audit: createAuditLog({ database, now: () => 0 }),
    facts,
    log: { info: line, warn: line, error: line },
    applyLog: () => void applied.push(config.current.logLevel),
    reloadCertificate,
  });
  const audited = () => database.kysely.selectFrom("wf_audit").select(["actor", "action", "fields"]).execute();
  return { config, reload, lines, published, applied, audited };
}

test("what is harmless is taken at once, told to who listens, and in the audit log; the rest is said to need a restart", async () => {
  const { config, reload, lines, published, applied, audited } = await open(
    "enable_mcp: true\nlisten_port: 8008\nhttps:\n  listen_port: 1\n",
  );
  await writeFile(
    path,
    `${KEYS}log_level: debug\nlisten_port: 8009\nforce_auth: true\nhttps:\n  listen_port: 2\n  tls_cert_path: /x\nlimits:\n  streams_total: 5\n`,
  );
  await reload();
  expect(config.current).toMatchObject({
    enableMcp: false,
    logLevel: "debug",
    listenPort: 8008,
    forceAuth: false,
    siteName: "from outside",
  });
  expect(config.current.https).toMatchObject({ listenPort: 1, tlsCertPath: "/x" });
  const taken = ["enable_mcp", "log_level", "https.tls_cert_path"];
  const restart = ["force_auth", "listen_port", "https.listen_port", "limits"];
  expect(lines).toEqual([
    ["the configuration was read again", { taken, restart }],
    ["a restart is needed for what else changed in the configuration", { keys: restart }],
  ]);
  expect(published).toEqual([["enableMcp", "logLevel"]]);
  expect(applied).toEqual(["debug"]);
  expect(await audited()).toMatchObject([
    { actor: "system", action: "setting.reload", fields: expect.stringContaining("enable_mcp") as string },
  ]);
});

test("an unchanged file changes nothing and leaves no line in the audit log", async () => {
  const { reload, lines, published, audited } = await open("site_name: x\n");
  await reload();
  expect(lines).toEqual([["the configuration was read again", { taken: [], restart: [] }]]);
  expect([published, await audited()]).toEqual([[], []]);
});

test.each([
  ["no YAML", "site_name: [\njwt_secret_key: very-secret-text\n"],
  ["a wrong value", `${KEYS}listen_port: many\n`],
])("a file with %s is told, without what stands in it, and all stays as it was", async (_, text) => {
  const { config, reload, lines } = await open("language: de_DE\n");
  const before = config.current;
  await writeFile(path, text);
  await reload();
  expect(config.current).toBe(before);
  expect(lines).toEqual([
    ["the configuration could not be read again and stays as it was", { reason: expect.stringContaining("config.yaml") as string }],
  ]);
  expect(JSON.stringify(lines)).not.toContain("very-secret");
});

test("the certificate is looked at too, also when the configuration is broken; one that cannot be used is told", async () => {
  let renewal = async (): Promise<boolean> => true;
  const { reload, lines } = await open("", () => renewal());
  await writeFile(path, "[");
  await reload();
  renewal = () => Promise.reject(new Error("key values mismatch"));
  await reload();
  expect(lines.map(([said]) => said)).toEqual([
    "the configuration could not be read again and stays as it was",
    "a new certificate is in use",
    "the configuration could not be read again and stays as it was",
    "the certificate could not be read again and stays as it was",
  ]);
});
