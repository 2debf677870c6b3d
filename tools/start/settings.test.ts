import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { agentEnvironment, writeAgentSettings } from "./agent-settings.ts";
import { ensureConfig, readAgentSecret, removeUntouchedConfig } from "./config-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "start-"));
});
afterEach(() => rm(folder, { recursive: true }));

const LINK = { server: "127.0.0.1:8008", secret: "s3cret" };
const readYaml = async (path: string): Promise<unknown> => parse(await readFile(path, "utf8"));

test("a missing configuration listens on this machine alone, and only its owner reads it", async () => {
  const path = join(folder, "data", "config.yaml");
  expect(await ensureConfig(path, {})).toBe("created");
  expect(await readYaml(path)).toEqual({ listen_host: "127.0.0.1", location: Intl.DateTimeFormat().resolvedOptions().timeZone });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("a time zone that a variable gives is not written", async () => {
  const path = join(folder, "config.yaml");
  await ensureConfig(path, { NZ_LOCATION: "Europe/Paris" });
  expect(await readYaml(path)).toEqual({ listen_host: "127.0.0.1" });
});

test("an existing configuration keeps every byte", async () => {
  const path = join(folder, "config.yaml");
  await writeFile(path, "listen_port: 9000 # mine\n");
  expect(await ensureConfig(path, {})).toBe("exists");
  expect(await readFile(path, "utf8")).toBe("listen_port: 9000 # mine\n");
});

test("a start that failed takes its untouched configuration back; where a variable says where to listen none is made", async () => {
  const path = join(folder, "config.yaml");
  expect(await ensureConfig(path, { NZ_LISTENHOST: "0.0.0.0" })).toBe("exists");
  await expect(stat(path)).rejects.toThrow("ENOENT");
  await ensureConfig(path, {});
  await removeUntouchedConfig(path, {});
  await expect(stat(path)).rejects.toThrow("ENOENT");
  await ensureConfig(path, {});
  await writeFile(path, "listen_host: 127.0.0.1\nmine: 1\n");
  await removeUntouchedConfig(path, {});
  expect((await stat(path)).size).toBeGreaterThan(0);
});

test("a file in the place of the folder is named", async () => {
  await writeFile(join(folder, "data"), "");
  await expect(ensureConfig(join(folder, "data", "config.yaml"), {})).rejects.toThrow(
    `cannot make ${join(folder, "data", "config.yaml")}: a part of its path is a file, not a folder`,
  );
});

test.each([
  ["agent_secret_key: 00998877\n", {}, "00998877"],
  ["agent_secret_key: 12345678901234567890123456789012\n", {}, "12345678901234567890123456789012"],
  ["agent_secret_key: ~\n", { NZ_AGENTSECRETKEY: "env" }, "env"],
  ["agent_secret_key: abc\n", {}, "abc"],
  ["agentsecretkey: old\nagent_secret_key: new\n", {}, "new"],
  ["AgentSecretKey: old\n", {}, "old"],
  ["agent_secret_key: 12345\n", {}, "12345"],
  ["listen_port: 1\n", { NZ_AGENTSECRETKEY: "env" }, "env"],
  ["", { NZ_AGENT_SECRET_KEY: "env" }, "env"],
])("the secret in %j with %j is %s", async (text, env, secret) => {
  const path = join(folder, "config.yaml");
  await writeFile(path, text);
  expect(await readAgentSecret(path, env)).toBe(secret);
});

test("a configuration without a secret is refused by name", async () => {
  const path = join(folder, "config.yaml");
  await writeFile(path, "agent_secret_key:\n");
  await expect(readAgentSecret(path, {})).rejects.toThrow("config.yaml has no agent_secret_key");
});

test("the agent keeps its uuid and what was changed by hand", async () => {
  const path = join(folder, "agent", "config.yml");
  await writeAgentSettings(path, LINK, () => "first");
  expect(await readYaml(path)).toMatchObject({
    server: "127.0.0.1:8008",
    client_secret: "s3cret",
    tls: false,
    uuid: "first",
    disable_auto_update: true,
  });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await writeFile(path, `${await readFile(path, "utf8")}temperature: true\n`);
  await writeAgentSettings(path, { server: "127.0.0.1:9999", secret: "other" }, () => "second");
  expect(await readYaml(path)).toMatchObject({ server: "127.0.0.1:9999", client_secret: "other", uuid: "first", temperature: true });
});

test("what stands in the agent's file keeps its text, and a start that changes nothing writes nothing", async () => {
  const path = join(folder, "config.yml");
  const text =
    "# mine\nserver: 127.0.0.1:8008\nclient_secret: 00998877 # digits\nuuid: 1234567890123456789\ntls: false\nreport_delay: 0x2\n";
  await writeFile(path, text);
  const { mtimeMs } = await stat(path);
  await writeAgentSettings(path, { server: "127.0.0.1:8008", secret: "00998877" }, () => "new");
  expect([await readFile(path, "utf8"), (await stat(path)).mtimeMs]).toEqual([text, mtimeMs]);
  await writeAgentSettings(path, { server: "[::1]:9000", secret: "1e5" }, () => "new");
  const after = await readFile(path, "utf8");
  for (const line of ["# mine", "uuid: 1234567890123456789", "report_delay: 0x2", "tls: false"]) expect(after.split("\n")).toContain(line);
  expect(parse(after)).toMatchObject({ server: "[::1]:9000", client_secret: "1e5" });
});

test("a damaged agent configuration is named, not replaced", async () => {
  const path = join(folder, "config.yml");
  await writeFile(path, "- a list\n");
  await expect(writeAgentSettings(path, LINK, () => "first")).rejects.toThrow("holds no settings by name");
});

test("the dashboard's variables stay away from the agent", () => {
  expect(agentEnvironment({ NZ_ADMIN_PASSWORD: "x", nz_server: "y", PATH: "/bin" })).toEqual({ PATH: "/bin" });
});
