import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { loadConfig } from "#platform/config";
import type { ConfigStore, EditableSettings } from "#platform/config";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createSealing } from "#platform/sealing";
import { keepInCommon, standAlone } from "./index.ts";
import type { SettingsKeeper } from "./index.ts";

/** Dashboards on one database, each with a folder of its own. */
const KEYS = "jwt_secret_key: signing-key-of-more-than-32-letters-x\njwt_secret_key_last_rotated_version: 2.3.7\nagent_secret_key: s\n";
const GITHUB = { client_id: "id", client_secret: "hush", issuer: "https://sso.example.com" };
const sealing = createSealing(new Uint8Array(32).fill(7));
let temporary: TemporaryDatabase;
let folder: string;
let running: SettingsKeeper[];
beforeEach(async () => {
  running = [];
  temporary = await openTemporaryDatabase();
  folder = await mkdtemp(join(tmpdir(), "windfire-common-"));
});
afterEach(async () => {
  for (const keeper of running) await keeper.stop();
  await temporary.remove();
  await rm(folder, { recursive: true, force: true });
});

interface Opened {
  readonly config: ConfigStore;
  readonly keeper: SettingsKeeper;
  readonly changes: (readonly string[])[];
  readonly warnings: string[];
  save(settings: Partial<EditableSettings>): Promise<void>;
  saveProvider: (...provider: Provider) => Promise<void>;
}
type Provider = [name: string, fields: Parameters<SettingsKeeper["saveProvider"]>[3]];

const fileOf = (name: string): string => join(folder, `${name}.yaml`);
const agreedOf = (name: string): string => join(folder, `${name}.json`);
const write = (name: string, text: string): Promise<void> => writeFile(fileOf(name), KEYS + text);
const edit = async (name: string, from: string | RegExp, to: string): Promise<void> => {
  const text = await readFile(fileOf(name), "utf8");
  expect(text).toMatch(from);
  await writeFile(fileOf(name), text.replace(from, to));
};

/** Starts the dashboard of a file, which is made with `text` if it is not there. */
async function open(name: string, env: Record<string, string> = {}): Promise<Opened> {
  const config = await loadConfig({ path: fileOf(name), env, randomText: () => "k", version: "2.3.7" });
  const [changes, warnings]: [(readonly string[])[], string[]] = [[], []];
  const { database } = temporary;
  const keeper = await keepInCommon({
    config,
    database,
    sealing,
    agreedPath: agreedOf(name),
    log: { info: () => undefined, warn: (text) => void warnings.push(text) },
    onChanged: (keys) => void changes.push(keys),
  });
  await keeper.start();
  running.push(keeper);
  return {
    config,
    keeper,
    changes,
    warnings,
    save: (settings) => database.change(async (tx, feed) => keeper.save(tx, feed, { ...(await keeper.load(tx)), ...settings })),
    saveProvider: (...provider) => database.change((tx, feed) => keeper.saveProvider(tx, feed, ...provider)),
  };
}

test("what is changed at one is in force at the others, and in their files", async () => {
  await write("a", "site_name: Site\n# mine\n");
  await write("b", "site_name: Other\nlisten_port: 9000\n");
  const [a, b] = [await open("a"), await open("b")];
  expect([b.config.current.siteName, b.changes]).toEqual(["Site", [["siteName"]]]);
  await a.save({ siteName: "New", enableMcp: true });
  expect([a.config.current, b.config.current].map(({ siteName, enableMcp }) => [siteName, enableMcp])).toEqual([
    ["New", true],
    ["New", true],
  ]);
  expect([a.changes.at(-1), b.changes.at(-1)]).toEqual([
    ["enableMcp", "siteName"],
    ["enableMcp", "siteName"],
  ]);
  await Promise.all([a, b].map(({ keeper }) => keeper.stop()));
  expect(await readFile(fileOf("a"), "utf8")).toMatch(/site_name: New\n(.*\n)*# mine\n/);
  expect(await readFile(fileOf("b"), "utf8")).toMatch(/site_name: New\n(.*\n)*listen_port: 9000\n/);
});

test("two that change at once end with the same, everywhere", async () => {
  for (const name of ["a", "b", "c"]) await write(name, "");
  const all = [await open("a"), await open("b"), await open("c")];
  for (let round = 0; round < 10; round++)
    await Promise.all(
      all.map(({ save }, place) => save(place === 0 ? { siteName: `${round}` } : { siteName: `${round}`, dnsServers: `${place}` })),
    );
  await Promise.all(all.map(({ keeper }) => keeper.stop()));
  const [first, ...others] = all.map(({ config }) => JSON.stringify([config.current.siteName, config.current.dnsServers]));
  expect(others).toEqual([first, first]);
  const files = await Promise.all(["a", "b", "c"].map((name) => readFile(fileOf(name), "utf8")));
  expect(new Set(files).size).toBe(1);
});

test("one that was away takes what was changed meanwhile, and one that comes newly too", async () => {
  await write("a", "site_name: Site\n");
  await write("b", "site_name: Site\n");
  const [a, b] = [await open("a"), await open("b")];
  await b.keeper.stop();
  const away = [fileOf("b"), agreedOf("b")];
  const texts = await Promise.all(away.map((path) => readFile(path, "utf8")));
  await a.save({ siteName: "Changed" });
  await b.keeper.stop();
  await Promise.all(away.map((path, place) => writeFile(path, texts[place] ?? "")));
  await write("c", "site_name: Site\n");
  for (const name of ["b", "c"]) {
    const again = await open(name);
    expect([again.config.current.siteName, a.config.current.siteName]).toEqual(["Changed", "Changed"]);
    expect(await readFile(fileOf(name), "utf8")).toContain("site_name: Changed");
  }
});

test("what somebody writes into one file by hand is told to all when that one starts, also what it was before", async () => {
  for (const name of ["a", "b"]) await write(name, "web_real_ip_header: X-Good\nsite_name: Site\n");
  const [a, b] = [await open("a"), await open("b")];
  await a.save({ webRealIpHeader: "X-Bad", siteName: "New" });
  await Promise.all([a, b].map(({ keeper }) => keeper.stop()));
  await edit("b", "X-Bad", "X-Good");
  const again = await open("b");
  expect([again.config.current, a.config.current].map((now) => [now.webRealIpHeader, now.siteName])).toEqual([
    ["X-Good", "New"],
    ["X-Good", "New"],
  ]);
  await a.keeper.stop();
  await edit("a", "site_name: New", "site_name: By hand");
  await a.config.reload();
  await a.keeper.reread();
  expect(again.config.current.siteName).toBe("By hand");
});

test("a file that cannot be written keeps nobody from it: it is in force, said, and so after a restart", async () => {
  for (const name of ["a", "b"]) await write(name, "site_name: Site\n");
  const [a, b] = [await open("a"), await open("b")];
  await rm(fileOf("b"));
  await mkdir(fileOf("b"));
  await a.save({ siteName: "New" });
  await b.keeper.stop();
  expect([b.config.current.siteName, b.warnings]).toEqual([
    "New",
    ["what all dashboards have in common could not be written into the configuration of this one"],
  ]);
  await rm(fileOf("b"), { recursive: true });
  await write("b", "site_name: Site\n");
  expect((await open("b")).config.current.siteName).toBe("New");
  expect(a.config.current.siteName).toBe("New");
});

test("providers are common, secrets too: as they are saved, changed without their secret, taken away, and known to who comes later", async () => {
  await write("a", "oauth2:\n  Old:\n    client_id: old\n    client_secret: hidden\n    my_own: 1\n");
  await write("b", "oauth2: {}\n");
  const [a, b] = [await open("a"), await open("b")];
  expect(b.config.current.oauth2).toEqual(a.config.current.oauth2);
  await a.saveProvider("GitHub", GITHUB);
  await b.saveProvider("GitHub", { client_id: "id2", issuer: "https://sso.example.com", client_secret: undefined });
  await b.saveProvider("Old", undefined);
  await Promise.all([a, b].map(({ keeper }) => keeper.stop()));
  await write("c", "oauth2:\n  Old:\n    client_id: old\n");
  const c = await open("c");
  for (const { config } of [a, b, c])
    expect(Object.entries(config.current.oauth2).map(([name, { clientId, clientSecret }]) => [name, clientId, clientSecret])).toEqual([
      ["GitHub", "id2", "hush"],
    ]);
  for (const name of ["a", "b", "c"]) expect(await readFile(fileOf(name), "utf8")).toMatch(/GitHub:\n(.*\n)*.*client_secret: hush/);
  const rows = JSON.stringify(await temporary.database.kysely.selectFrom("wf_common_settings").selectAll().execute());
  const agreed = await Promise.all(["a", "b", "c"].map((name) => readFile(agreedOf(name), "utf8")));
  for (const text of [rows, ...agreed]) expect(text).not.toContain("hush");
  await edit("c", "client_id: id2", "client_id: by hand");
  await open("c");
  expect([a, b].map(({ config }) => config.current.oauth2["GitHub"]?.clientId)).toEqual(["by hand", "by hand"]);
});

test("what a variable gives stays one, until somebody changes it", async () => {
  await write("a", "");
  await write("b", "");
  const [a, b] = [await open("a", { NZ_SITENAME: "from outside" }), await open("b")];
  await Promise.all([a, b].map(({ keeper }) => keeper.stop()));
  expect(b.config.current.siteName).toBe("from outside");
  expect(await readFile(fileOf("a"), "utf8")).not.toContain("from outside");
  await b.save({ siteName: "Changed" });
  await a.keeper.stop();
  expect((await open("a", { NZ_SITENAME: "from outside" })).config.current.siteName).toBe("Changed");
});

test("one that is alone later begins with its own file, and so do those who come after", async () => {
  for (const name of ["a", "b"]) await write(name, "site_name: Site\n");
  const a = await open("a");
  await a.save({ siteName: "Common" });
  await a.keeper.stop();
  await standAlone({ database: temporary.database, agreedPath: agreedOf("a") });
  await edit("a", "site_name: Common", "site_name: Alone");
  expect([(await open("a")).config.current.siteName, (await open("b")).config.current.siteName]).toEqual(["Alone", "Alone"]);
});

test("rows of another version, and of another key, change nothing that they do not mean", async () => {
  await write("a", "site_name: Site\n");
  const a = await open("a");
  await a.save({ siteName: "New" });
  const { database } = temporary;
  const seal = (held: unknown): string => sealing.seal(JSON.stringify(held), "common setting settings");
  for (const value of [seal({ siteName: 5, cover: 0, later: 1 }), seal([]), "1damaged"])
    await database.change(async (tx, feed) => {
      await tx.updateTable("wf_common_settings").set({ value }).where("name", "=", "settings").execute();
      feed.put("common setting", "settings");
    });
  expect([a.config.current.siteName, a.config.current.cover]).toEqual(["New", 0]);
});

test("what is changed while the file is written is written together, once", async () => {
  await write("a", "site_name: A\n");
  const { config, keeper, save } = await open("a");
  const { write: writeNow } = config;
  const disk = Promise.withResolvers<void>();
  const written = vi.spyOn(config, "write").mockImplementation(() => disk.promise.then(writeNow));
  for (let turn = 0; turn < 10; turn++) await save({ siteName: `S${turn}` });
  disk.resolve();
  await keeper.stop();
  expect(written.mock.calls.length).toBeLessThanOrEqual(2);
  expect(await readFile(fileOf("a"), "utf8")).toContain("site_name: S9\n");
});
