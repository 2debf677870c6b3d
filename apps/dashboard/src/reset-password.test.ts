import { execFile } from "node:child_process";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { systemClock } from "@windfire/kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "#platform/database";
import type { Database } from "#platform/database";
import { createPasswords } from "#platform/password";

/** Each run loads the whole program. */
const PATIENCE_MS = 60_000;
const PROGRAM = fileURLToPath(new URL("reset-password.ts", import.meta.url));
const passwords = createPasswords({ cost: 4 });
let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "windfire-reset-"));
  path = join(directory, "sqlite.db");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const open = (): Promise<Database> =>
  openDatabase({ path, clock: systemClock, log: { info: () => undefined, warn: () => undefined }, serviceHistories: true });

async function makeUser(database: Database, username: string): Promise<void> {
  const password = await passwords.hash("old-password");
  const row = {
    username,
    password,
    role: 0,
    agent_secret: "s",
    reject_password: 1,
    token_version: 1,
    created_at: null,
    updated_at: null,
    user_id: 0,
  };
  await database.kysely.insertInto("users").values(row).execute();
}

/** Runs the program to its end. */
async function run(...args: string[]): Promise<{ code: number; out: string; problem: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [PROGRAM, "-db", path, ...args]);
    return { code: 0, out: stdout, problem: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, problem: stderr };
  }
}

test.each([
  ["admin", []],
  ["alice", ["alice"]],
])(
  "%s gets a new password that is printed once and works",
  async (username, args) => {
    const before = await open();
    await makeUser(before, "admin");
    await makeUser(before, "alice");
    await before.kysely.insertInto("wf_disabled_users").values({ user_id: 2, since: 1 }).execute();
    await before.close();
    const { code, out } = await run(...args);
    expect(code).toBe(0);
    expect(out.includes("is enabled again")).toBe(username === "alice");
    const [, printed = ""] = /password ([0-9A-Za-z]{20}) /.exec(out) ?? [];
    const after = await open();
    const row = await after.kysely.selectFrom("users").selectAll().where("username", "=", username).executeTakeFirstOrThrow();
    await after.close();
    expect(row.reject_password).toBe(0);
    expect(await passwords.verify(printed, row.password ?? "")).toBe(true);
  },
  PATIENCE_MS,
);

test(
  "a running dashboard on the directory, a missing file and an unknown user are refused, and nothing changes",
  async () => {
    expect(await run()).toMatchObject({ code: 1, out: "", problem: expect.stringContaining("no such file") as string });
    await expect(stat(path)).rejects.toThrow("ENOENT");
    const database = await open();
    await makeUser(database, "admin");
    expect(await run()).toMatchObject({ code: 1, out: "", problem: expect.stringContaining("another dashboard is running") as string });
    const row = await database.kysely.selectFrom("users").selectAll().executeTakeFirstOrThrow();
    expect(await passwords.verify("old-password", row.password ?? "")).toBe(true);
    await database.close();
    expect(await run("nobody")).toMatchObject({ code: 1, problem: expect.stringContaining('there is no user "nobody"') as string });
  },
  PATIENCE_MS,
);

test(
  "a file that is no database is left as it is",
  async () => {
    await writeFile(path, "not a database, but longer than the sixteen bytes that are looked at first");
    expect((await run()).code).toBe(1);
    expect((await stat(path)).size).toBe(74);
  },
  PATIENCE_MS,
);
