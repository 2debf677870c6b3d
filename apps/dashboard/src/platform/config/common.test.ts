import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { commonSettings, loadConfig } from "./index.ts";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "config-"))));
afterEach(() => rm(folder, { recursive: true }));

async function settingsOf(text: string): Promise<ReadonlyMap<string, string>> {
  const path = join(folder, "config.yaml");
  await writeFile(path, `jwt_secret_key: ${"k".repeat(64)}\nagent_secret_key: secret\n${text}`);
  const config = await loadConfig({ path, env: {}, randomText: (length) => "r".repeat(length), version: "2.3.7" });
  return new Map(commonSettings(config.current));
}

const PROVIDERS = ["  GitHub:\n    client_id: a\n    scopes: [x]\n", "  Other:\n    scopes: [y]\n    client_id: b\n"];

test("where a dashboard listens and what it logs is its own; the order in which something is written makes no difference", async () => {
  const one = await settingsOf(
    `listen_port: 1\nlog_level: debug\noauth2:\n${PROVIDERS.join("")}limits: {streams_total: 5, rows_per_member: 6}\n`,
  );
  const other = await settingsOf(
    `listen_port: 2\nlisten_host: 127.0.0.1\noauth2:\n${PROVIDERS.toReversed().join("")}limits: {rows_per_member: 6, streams_total: 5}\n`,
  );
  expect(other).toEqual(one);
});

test.each([
  ["location", "location: Europe/Berlin"],
  ["agent_secret_key", "agent_secret_key: another"],
  ["site_name", "site_name: another"],
  ["limits", "limits: {streams_total: 7}"],
  ["outbound_allow", "outbound_allow: [10.0.0.1:443]"],
  ["oauth2", `oauth2:\n${PROVIDERS[0] ?? ""}`],
])("%s is to be the same", async (name, line) => {
  const path = join(folder, "config.yaml");
  const plain = await settingsOf("");
  const text = `jwt_secret_key: ${"k".repeat(64)}\n${name === "agent_secret_key" ? "" : "agent_secret_key: secret\n"}${line}\n`;
  await writeFile(path, text);
  const config = await loadConfig({ path, env: {}, randomText: (length) => "r".repeat(length), version: "2.3.7" });
  const changed = new Map(commonSettings(config.current));
  expect([...changed].filter(([key, value]) => plain.get(key) !== value).map(([key]) => key)).toEqual([name]);
});
