import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "@windfire/kit";
import { startVictoriaMetrics } from "@windfire/testkit";
import type { VictoriaMetricsServer } from "@windfire/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHistory, SERVER_METRICS } from "#features/history";
import { withDirectory } from "#platform/database";

const MAIN = fileURLToPath(new URL("migrate-history.ts", import.meta.url));
const HOUR_MS = 3_600_000;
let server: VictoriaMetricsServer;
let folder: string;
beforeAll(async () => {
  server = await startVictoriaMetrics();
  folder = await mkdtemp(join(tmpdir(), "windfire-migrate-history-"));
  await writeFile(join(folder, "sqlite.db"), "");
});
afterAll(async () => {
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

function migrate(...more: string[]): Promise<Ended> {
  const args = [MAIN, "-c", join(folder, "config.yaml"), "-db", join(folder, "sqlite.db"), ...more];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { env: { ...process.env, NZ_HISTORY: "" } }, (_error, out, errors) =>
      resolve({ code: child.exitCode ?? -1, out, errors }),
    );
  });
}

/** Ten reports of a server. */
async function fill(): Promise<void> {
  const directory = join(folder, "history");
  const limits = { retentionDays: 30, minFreeDiskBytes: 0, sizeBudgetBytes: 2 ** 30 };
  const log = { error: (text: string) => expect.unreachable(text) };
  const history = createHistory({ clock: systemClock, log, directory, limits, enabled: true });
  for (let minute = 0; minute < 10; minute++) {
    history.recordServer(3, Date.now() - HOUR_MS + minute * 60_000, new Float64Array(SERVER_METRICS.length).fill(minute));
  }
  await history.close();
}

test("what is missing is said before anything is done: a place, a key, a folder, and that nobody uses it", async () => {
  await writeFile(join(folder, "config.yaml"), "history: on\n");
  expect(await migrate()).toMatchObject({ code: 1, errors: expect.stringContaining("names a VictoriaMetrics") as string });
  await writeFile(join(folder, "config.yaml"), `history: victoriametrics ${server.url}\n`);
  expect(await migrate()).toMatchObject({ code: 1, errors: expect.stringContaining("windfire.key") as string });
  await writeFile(join(folder, "windfire.key"), Buffer.alloc(32, 7));
  expect(await migrate()).toMatchObject({ code: 1, errors: expect.stringContaining(join(folder, "history")) as string });
  await mkdir(join(folder, "history"));
  const meanwhile = await withDirectory(join(folder, "sqlite.db"), () => migrate());
  expect(meanwhile).toMatchObject({ code: 1, errors: expect.stringContaining("stop it, or name a copy") as string });
  expect(await migrate("-elsewhere")).toMatchObject({
    code: 2,
    errors: expect.stringContaining("usage: windfire migrate-history") as string,
  });
});

test("a dry run says what there is, a run sends it, a second one finds it there", async () => {
  await fill();
  const tried = await migrate("-dry-run");
  expect(tried).toMatchObject({ code: 0, errors: "" });
  expect(tried.out).toContain("10  rows of servers, of 1: 10 to be sent\n");
  expect(tried.out).toContain("nothing was.");
  expect(await server.exported('{__name__="windfire_server_cpu"}')).toEqual([]);
  const sent = await migrate();
  expect(sent.code, sent.errors).toBe(0);
  expect(sent.out).toContain("10  rows of servers, of 1: 10 sent\n");
  expect(sent.out).toContain("the same on both sides");
  expect((await migrate()).out).toContain("10  rows of servers, of 1: 0 sent, 10 there already\n");
  const [series] = await server.exported('{__name__="windfire_server_cpu"}');
  expect(series?.values).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("a VictoriaMetrics that does not answer is an error that names it", async () => {
  await writeFile(join(folder, "config.yaml"), "history: victoriametrics http://127.0.0.1:1\n");
  const ended = await migrate();
  expect(ended).toMatchObject({
    code: 1,
    errors: expect.stringContaining("VictoriaMetrics at http://127.0.0.1:1 cannot be reached") as string,
  });
});
