import { afterEach, beforeEach, expect, test } from "vitest";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createSealing } from "#platform/sealing";
import { backupRoutes } from "./routes.ts";
import type { BackupRunner } from "./runner.ts";
import { backupStore, settingsOf } from "./settings.ts";

let temporary: TemporaryDatabase;
beforeEach(async () => {
  temporary = await openTemporaryDatabase();
});
afterEach(() => temporary.remove());

const caller = { kind: "session", user: { id: 1, username: "admin", role: 0 }, sessionKey: "k", via: "header" } as const;
const NAME = "windfire-20260101T000000Z.tar.zst";

/** Calls a route over a runner of which these members are other ones. */
function routesOver(members: Partial<BackupRunner>) {
  const runner: BackupRunner = {
    local: { put: async () => 0, names: async () => [], remove: async () => undefined, list: async () => [], open: async () => undefined },
    folder: "",
    running: false,
    run: async () => undefined,
    take: async () => undefined,
    nextAt: () => undefined,
    plan: () => undefined,
    stop: async () => undefined,
    ...members,
  };
  const routes = backupRoutes({
    runner,
    database: temporary.database,
    audit: { write: async () => undefined },
    sealing: createSealing(new Uint8Array(32)),
    installation: { configPath: "config.yaml", databasePath: temporary.path },
    onError: (error) => expect(error).toBeUndefined(),
  });
  const rest = {
    query: {},
    ip: "",
    visit: { headers: {}, peer: "" } as never,
    waitedMs: 0,
    upload: (async function* () {})(),
    setCookie: () => undefined,
  };
  return async (method: string, path: string, signal = new AbortController().signal, body?: unknown): Promise<unknown> =>
    routes.find((route) => route.method === method && route.path === path)?.run({ caller, params: { name: NAME }, signal, body, ...rest });
}

test("whoever goes while the snapshot is made leaves nothing behind", async () => {
  const left = new AbortController();
  let removed = 0;
  const snapshot = { files: [], schema: 1, signingSeed: new Uint8Array(32), totalBytes: 0, remove: async () => void (removed += 1) };
  const call = routesOver({
    take: async () => {
      left.abort();
      return { name: NAME, backup: { snapshot, signer: "", bytes: () => (async function* () {})() } };
    },
  });
  await call("GET", "/backup/download", left.signal);
  expect(removed).toBe(1);
});

const kept = (read: () => AsyncIterable<Uint8Array>): BackupRunner["local"] => ({
  put: async () => 0,
  names: async () => [],
  remove: async () => undefined,
  list: async () => [],
  open: async () => ({ size: 1, read }),
});
const PATH = "/backup/:name/check";

test("one backup is checked at a time", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const call = routesOver({
    local: kept(async function* () {
      await promise;
      yield Buffer.from("no backup");
    }),
  });
  const first = call("POST", PATH);
  await expect(call("POST", PATH)).rejects.toMatchObject({ status: 503 });
  resolve();
  expect(await first).toMatchObject({ ok: false });
  expect(await call("POST", PATH)).toMatchObject({ ok: false });
});

test("a passphrase that was sealed by another key is named", async () => {
  const form = { every: "never", at: "03:30", keep: 1, to_disk: true, to_s3: false, passphrase: "p", notification_group_id: 0 } as const;
  const before = await backupStore.settings(temporary.database.kysely);
  const settings = settingsOf(form, before, createSealing(new Uint8Array(32).fill(1)));
  await temporary.database.change((tx, changes) => backupStore.saveSettings(tx, changes, settings));
  const call = routesOver({ local: kept(async function* () {}) });
  await expect(call("POST", PATH)).rejects.toThrow("passphrase: ");
});

test("a plan without a place is refused, and none needs no place", async () => {
  const call = routesOver({});
  const save = (every: string) =>
    call("PATCH", "/backup", undefined, { every, at: "03:30", keep: 1, to_disk: false, to_s3: false, passphrase: "" });
  await expect(save("daily")).rejects.toThrow("to_disk: ");
  expect((await backupStore.settings(temporary.database.kysely)).every).toBe("never");
  await save("never");
});

const S3 = { endpoint: "https://s3.example.org", region: "eu", bucket: "b", prefix: "", access_key: "id" };
const TO_S3 = { every: "daily", at: "03:30", keep: 1, to_disk: false, to_s3: true, passphrase: "" };

test("the secret of a storage is sent to no other one: another address or access key asks for it again", async () => {
  const call = routesOver({});
  const save = (s3: object, rest: object = {}) => call("PATCH", "/backup", undefined, { ...TO_S3, ...rest, s3: { ...S3, ...s3 } });
  const secret = async (): Promise<string> => (await backupStore.settings(temporary.database.kysely)).s3?.secret ?? "";
  await expect(save({})).rejects.toThrow("s3.secret_key: must be given");
  await save({ secret_key: "secret" });
  const stored = await secret();
  expect(stored).not.toBe("");
  await save({ bucket: "other", prefix: "below/", region: "us" });
  expect(await secret()).toBe(stored);
  for (const change of [{ endpoint: "https://s3.example.net" }, { endpoint: "http://s3.example.org" }, { access_key: "other" }]) {
    await expect(save(change)).rejects.toThrow("s3.secret_key: enter it, because it is for another endpoint or key");
    expect((await backupStore.settings(temporary.database.kysely)).s3?.endpoint).toBe(S3.endpoint);
  }
  // Not by a detour either.
  await save({ endpoint: "https://s3.example.net" }, { every: "never", to_s3: false });
  expect(await secret()).toBe("");
  await expect(save({ endpoint: "https://s3.example.net" })).rejects.toThrow("s3.secret_key: must be given");
  await save({ endpoint: "https://s3.example.net", secret_key: "another" });
  expect(await secret()).not.toBe("");
});
