import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openTemporaryDatabase } from "#platform/database/testing";
import { findInstallation, installationOf, overruled, refuseForgottenRows } from "./installation.ts";

const ADDRESS = "postgres://me:hunter2@db:5432/wf";
const FLAGS = { configPath: "/etc/wf/config.yaml", databasePath: "/srv/wf/sqlite.db" };

test.each([
  ["a file", FLAGS, "", { databasePath: "/srv/wf/sqlite.db" }],
  ["a file, and rows elsewhere", FLAGS, ADDRESS, { databasePath: "/srv/wf/sqlite.db", databaseAddress: ADDRESS }],
  [
    "an address alone: key and history are beside the configuration",
    { ...FLAGS, databasePath: "postgres://me@db/other" },
    "",
    { databasePath: "/etc/wf/sqlite.db", databaseAddress: "postgres://me@db/other" },
  ],
  [
    "two addresses: the configuration's",
    { ...FLAGS, databasePath: "postgres://me@db/other" },
    ADDRESS,
    { databasePath: "/etc/wf/sqlite.db", databaseAddress: ADDRESS },
  ],
])("%s", (_what, flags, configured, expected) => {
  expect(installationOf(flags, configured)).toEqual({ configPath: "/etc/wf/config.yaml", ...expected });
});

test("what is overruled is said once, without the password", () => {
  expect(overruled(FLAGS, "")).toEqual([]);
  expect(overruled({ ...FLAGS, databasePath: "data/sqlite.db" }, ADDRESS)).toEqual([]);
  expect(overruled(FLAGS, ADDRESS)).toEqual([
    "database: or NZ_DATABASE names postgres://db:5432/wf, so -db is not used for the rows: only key and history are kept beside it",
  ]);
});

test("commands read where the rows are from the configuration, else from the variable", async () => {
  const folder = await mkdtemp(join(tmpdir(), "windfire-installation-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const paths = { configPath: join(folder, "config.yaml"), databasePath: join(folder, "sqlite.db") };
  const env = { NZ_DATABASE: "postgres://variable/wf" };
  expect((await findInstallation(paths, {})).databaseAddress).toBeUndefined();
  expect((await findInstallation(paths, env)).databaseAddress).toBe("postgres://variable/wf");
  await writeFile(paths.configPath, `database: ${ADDRESS}\n`);
  expect((await findInstallation(paths, env)).databaseAddress).toBe(ADDRESS);
  await writeFile(paths.configPath, "database: postgres:hunter2\n");
  await expect(findInstallation(paths, env)).rejects.toThrow("config.yaml or NZ_DATABASE: database must be an address");
  await expect(findInstallation({ ...paths, databasePath: ADDRESS }, env)).rejects.toThrow("a password in -db");
});

test("an empty database beside a file with rows is not begun anew", async () => {
  const { database, directory, remove } = await openTemporaryDatabase();
  onTestFinished(remove);
  const place = { databaseAddress: ADDRESS, databasePath: join(directory, "other.db") };
  await refuseForgottenRows(database, place);
  await writeFile(place.databasePath, "rows");
  await expect(refuseForgottenRows(database, place)).rejects.toThrow(
    `postgres://db:5432/wf is empty, and ${place.databasePath} is there: windfire migrate moves its rows`,
  );
  await database.kysely.insertInto("users").values({ user_id: 0, username: "admin" }).execute();
  await refuseForgottenRows(database, place);
});
