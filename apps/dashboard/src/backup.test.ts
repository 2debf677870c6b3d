import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { systemClock } from "@windfire/kit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { restoreBackup } from "#features/backup";
import { composeDashboard } from "./compose.ts";
import { KINDS, openDashboardBench } from "./compose/testing/index.ts";
import type { DashboardBench, Headers } from "./compose/testing/index.ts";

let bench: DashboardBench;
let admin: Headers;
let folder: string;
/** Answers that tell of a span end at the same moment in both dashboards. */
const at = Date.UTC(2026, 4, 18, 12);
const clock = { ...systemClock, now: () => at };
const config = `jwt_secret_key: ${"k".repeat(64)}\njwt_secret_key_last_rotated_version: 2.3.7\n`;
const json = { "content-type": "application/json" };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "whole-backup-"));
  bench = await openDashboardBench({
    clock,
    config,
    prepare: async (database) => {
      await database.kysely.insertInto("servers").values({ id: 1, user_id: 1, name: "web", uuid: "u", note: "n" }).execute();
    },
  });
  admin = { ...(await bench.signIn("admin", "admin-password")), ...json };
  for (const [kind, { form }] of Object.entries(KINDS)) {
    if (form !== undefined && kind !== "server") await bench.call("POST", `/api/v1/${kind}`, admin, form(1, "kept"));
  }
}, 60_000);
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true, force: true });
});

/** What changes from one look to the next, and between two places. */
const PASSING = /"(?:last_used_at|last_used_ip|cron_job_id)":(?:"[^"]*"|\d+),?/g;
const passing = (text: string): string => text.replaceAll(PASSING, "").replaceAll(/windfire-(?:whole|backup)[^"/]*/g, "");

/** Not the state of the installation, or a change of it. */
const OTHERWISE = /^\/(?:backup|audit|oauth2|refresh-token|sign-out)/;

async function answers(base: string, paths: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const path of paths) {
    const response = await fetch(base + path, { headers: admin });
    found.set(path, `${response.status} ${passing(await response.text())}`);
  }
  return found;
}

test("restored into a fresh dashboard every answer is the same", async () => {
  const response = await fetch(`${bench.base}/api/v1/backup/download`, { headers: admin });
  expect(response.headers.get("content-disposition")).toMatch(/windfire-\d{8}T\d{6}Z-[0-9a-f]{8}\.tar\.zst/);
  const file = join(folder, "b.tar.zst");
  await writeFile(file, Buffer.from(await response.arrayBuffer()));
  const target = join(folder, "data");
  await restoreBackup({
    open: async function* () {
      yield await readFile(file);
    },
    folder: target,
  });
  expect(await readFile(join(target, "config.yaml"), "utf8")).toBe(
    await readFile(join(dirname(bench.databasePath), "config.yaml"), "utf8"),
  );
  const paths = bench.dashboard.routes
    .filter(({ method, path, access }) => method === "GET" && !("headerOnly" in access) && !OTHERWISE.test(path))
    .map(({ path }) => `/api/v1${path.replace(/:[a-z]+/gi, "1")}`);
  const before = await answers(bench.base, paths);
  const fresh = await composeDashboard({
    flags: { configPath: join(target, "config.yaml"), databasePath: join(target, "sqlite.db"), version: false },
    env: {},
    clock,
    output: { write: () => true },
  });
  const server = createServer(fresh.web.handle).listen(0, "127.0.0.1");
  try {
    await once(server, "listening");
    const after = await answers(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, paths);
    expect(Object.fromEntries(after)).toEqual(Object.fromEntries(before));
    expect(before.size).toBeGreaterThan(40);
  } finally {
    server.closeAllConnections();
    server.close();
    await fresh.stop(5000);
  }
}, 60_000);

test("kept on disk by the settings, encrypted, listed, checked, and told", async () => {
  const get = async () => (await bench.call("GET", "/api/v1/backup", admin)).data as Record<string, unknown>;
  const form = { every: "daily", at: "03:30", keep: 2, to_disk: true, to_s3: false, passphrase: "open sesame" };
  expect((await bench.call("PATCH", "/api/v1/backup", admin, form)).error).toBe("");
  expect(await get()).toMatchObject({ every: "daily", passphrase_set: true, running: false, kept: [] });
  expect((await bench.call("PATCH", "/api/v1/backup", admin, { ...form, to_s3: true, passphrase: undefined })).error).toMatch(/^s3: /);
  const s3 = { endpoint: "https://s3.example.com", region: "eu", bucket: "b", prefix: "", access_key: "k", secret_key: "s" };
  for (const [field, value] of [
    ["endpoint", "ftp://s3.example.com"],
    ["endpoint", "https://s3.example.com/?x="],
    ["endpoint", "https://user:word@s3.example.com"],
    ["bucket", "../other"],
    ["prefix", "x/../../other/"],
    ["prefix", "/x"],
    ["secret_key", ""],
  ] as const) {
    const refused = await bench.call("PATCH", "/api/v1/backup", admin, { ...form, to_s3: true, s3: { ...s3, [field]: value } });
    expect(refused.error, value).toContain(`s3.${field}`);
  }
  await bench.call("POST", "/api/v1/backup/run", admin);
  await expect.poll(async () => ((await get())["runs"] as unknown[]).length, { timeout: 30_000 }).toBe(1);
  const state = await get();
  expect(state).toMatchObject({ runs: [{ by: "user", error: "" }], kept: [{ encrypted: true }] });
  const [{ name }] = state["kept"] as [{ name: string }];
  const checked = await bench.call("POST", `/api/v1/backup/${name}/check`, admin);
  expect(checked.data).toMatchObject({ ok: true, own: true, error: "", signer: state["signer"] });
  const path = join(dirname(bench.databasePath), "backups", name);
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, -1));
  expect((await bench.call("POST", `/api/v1/backup/${name}/check`, admin)).data).toMatchObject({ ok: false });
  expect(JSON.stringify(await bench.call("GET", "/api/v1/audit", admin))).not.toContain("open sesame");
}, 60_000);

test("the description of the API says where a backup under way is answered with 503", async () => {
  const response = await fetch(`${bench.base}/api/openapi.json`, { headers: admin });
  const { paths } = (await response.json()) as { paths: Record<string, Record<string, { responses: object }>> };
  const busy = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { responses }]) => ("503" in responses ? [`${method} ${path.replace("/api/v1", "")}`] : [])),
  );
  expect(busy.toSorted()).toEqual([
    "get /backup/download",
    "post /backup/download",
    "post /backup/restore",
    "post /backup/restore/apply",
    "post /backup/restore/discard",
    "post /backup/upload",
    "post /backup/{name}/check",
  ]);
});
