import { spawn } from "node:child_process";
import { createServer, connect as connectSocket } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "@windfire/kit";
import { openTcpLink, startPostgres } from "@windfire/testkit";
import type { PostgresServer } from "@windfire/testkit";
import type { Database } from "../database.ts";
import { createLateWrites } from "../late-writes.ts";
import type { Queries } from "../queries.ts";
import { openPostgres } from "./open.ts";

let server: PostgresServer;
let address: string;
let database: Database;
let lines: string[];
let made = 0;
const log = { info: (text: string) => void lines.push(text), warn: (text: string) => void lines.push(text) };
const open = (at = address, more: { readonly claim?: "among" } = {}): Promise<Database> =>
  openPostgres({ address: at, clock: systemClock, log, serviceHistories: true, ...more });
const addServer = (name: string): Promise<void> =>
  database.change(async (tx, changes) => {
    const { id } = await tx.insertInto("servers").values({ user_id: 1, name }).returning("id").executeTakeFirstOrThrow();
    changes.put("server", id);
  });
const names = async (): Promise<(string | null)[]> =>
  (await database.kysely.selectFrom("servers").select("name").orderBy("id").execute()).map((row) => row.name);
const serverNames = {
  name: "server",
  keyOf: (row: { id: number }) => row.id,
  order: (a: { id: number }, b: { id: number }) => a.id - b.id,
  indexes: {},
  load: async (queries: Queries, ids?: readonly number[]) => {
    const rows = queries.selectFrom("servers").select(["id", "name"]);
    return (ids ? rows.where("id", "in", ids) : rows).execute();
  },
};

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.remove());
beforeEach(async () => {
  lines = [];
  address = await server.createDatabase(`faults${++made}`);
  database = await open();
});
afterEach(() => database.close());

test("while the server is away writes and reads fail as what may work later, and all of it heals by itself", async () => {
  const kept = await database.keep(serverNames);
  await addServer("before");
  const late = createLateWrites({ database, onError: () => undefined });
  await server.restart({
    pause: async () => {
      await expect(addServer("away")).rejects.toMatchObject({ name: "DatabaseError", failure: "io", isRetryable: true });
      await expect(names()).rejects.toMatchObject({ failure: "io" });
      await expect(database.probeWrite()).rejects.toMatchObject({ failure: "io" });
      await late.write(async (tx) => void (await tx.insertInto("servers").values({ user_id: 1, name: "late" }).execute()));
      expect(late.waiting).toBe(1);
    },
  });
  await expect.poll(() => database.probeWrite().then(() => "back"), { timeout: 10_000 }).toBe("back");
  await late.again();
  await addServer("after");
  expect(await names()).toEqual(["before", "late", "after"]);
  expect(kept.list().map((row) => row.name)).toEqual(["before", "after"]);
  const where = address.replace("postgres@", "");
  expect(lines.filter((line) => line.startsWith(`${where} is`)).map((line) => line.replace(/ \(.*/, ""))).toEqual([
    `${where} is away: nothing can be written until it is back`,
    `${where} is back`,
  ]);
});

test("a server that is killed in the middle of writes loses nothing that was acknowledged", async () => {
  const acknowledged: string[] = [];
  let stopped = false;
  const write = async (): Promise<void> => {
    for (let count = 1; !stopped; count++) {
      const name = `row ${count}`;
      await addServer(name).then(
        () => acknowledged.push(name),
        () => new Promise(setImmediate),
      );
    }
  };
  const writing = write();
  await expect.poll(() => acknowledged.length, { timeout: 10_000 }).toBeGreaterThan(50);
  await server.restart({ signal: "SIGQUIT" });
  const before = acknowledged.length;
  await expect.poll(() => acknowledged.length, { timeout: 15_000 }).toBeGreaterThan(before + 20);
  stopped = true;
  await writing;
  const found = await names();
  expect(acknowledged.filter((name) => !found.includes(name))).toEqual([]);
  expect(new Set(found).size).toBe(found.length);
});

test("a dashboard that is killed in the middle of writes lets go of the database, and every acknowledged row is there", async () => {
  await database.close();
  const child = spawn(process.execPath, [new URL("../testing/endless-writer.ts", import.meta.url).pathname, address], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let acknowledged = 0;
  child.stdout.on("data", (chunk) => (acknowledged = Number(String(chunk).trim().split("\n").at(-1))));
  await expect.poll(() => acknowledged, { timeout: 20_000 }).toBeGreaterThan(50);
  await expect(open()).rejects.toMatchObject({
    failure: "in-use",
    message: expect.stringContaining("another dashboard is running") as string,
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
  database = await open();
  expect((await names()).length).toBeGreaterThanOrEqual(acknowledged);
});

test("what somebody else writes is in memory at once, without a question", async () => {
  const kept = await database.keep(serverNames);
  await server.query(
    address,
    "BEGIN; INSERT INTO servers (id, name) VALUES (7, 'elsewhere'); INSERT INTO wf_changes (kind, key, what) VALUES ('server', '7', 'put'); COMMIT",
  );
  await expect.poll(() => kept.get(7)?.name, { timeout: 3_000 }).toBe("elsewhere");
});

/** Passes everything on. Once `cut` was called, the next commit still arrives, and its answer does not. */
async function startProxy(port: number): Promise<{ readonly server: Server; cut(): void }> {
  let isCut = true;
  const proxy = createServer((near) => {
    const far = connectSocket(port, "127.0.0.1");
    const end = (): void => {
      near.destroy();
      far.destroy();
    };
    near.on("error", end).on("close", end);
    far.on("error", end).on("close", end);
    far.on("data", (bytes) => near.write(bytes));
    near.on("data", (bytes) => {
      if (!isCut && bytes.includes("COMMIT")) {
        isCut = true;
        far.removeAllListeners("data");
        far.write(bytes);
        far.once("data", end);
        return;
      }
      far.write(bytes);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return { server: proxy, cut: () => void (isCut = false) };
}

test("a commit whose answer is lost is asked after, and done once", async () => {
  await database.close();
  const direct = new URL(address);
  const proxy = await startProxy(Number(direct.port));
  const through = new URL(address);
  through.port = String((proxy.server.address() as AddressInfo).port);
  database = await open(through.href);
  proxy.cut();
  await addServer("once");
  expect(await names()).toEqual(["once"]);
  await database.close();
  proxy.server.close();
  database = await open();
});

test("a database that only reads says so, names the setting, and is written to again without a restart", async () => {
  const name = new URL(address).pathname.slice(1);
  const ended = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`;
  await server.query(server.address, `ALTER DATABASE "${name}" SET default_transaction_read_only = on`);
  await server.query(server.address, ended);
  const refused = { failure: "read-only", message: expect.stringContaining("default_transaction_read_only is set") as string };
  await expect.poll(() => database.probeWrite().catch((error: unknown) => error), { timeout: 10_000 }).toMatchObject(refused);
  await expect(addServer("not")).rejects.toMatchObject(refused);
  expect(await names()).toEqual([]);
  await expect(open()).rejects.toMatchObject(refused);
  await server.query(server.address, `ALTER DATABASE "${name}" RESET default_transaction_read_only`);
  await expect.poll(() => addServer("again").then(() => "written"), { timeout: 10_000 }).toBe("written");
  expect(lines.some((line) => line.includes("is away") && line.includes("default_transaction_read_only"))).toBe(true);
});

test("one that begins to read only under a connection that is there is not ready", async () => {
  const superuser = `${server.address}?options=-c%20default_transaction_read_only%3Doff`;
  await server.query(superuser, "ALTER SYSTEM SET default_transaction_read_only = on");
  try {
    await server.query(superuser, "SELECT pg_reload_conf()");
    await expect
      .poll(() => database.probeWrite().catch((error: unknown) => error), { timeout: 10_000 })
      .toMatchObject({ failure: "read-only" });
  } finally {
    await server.query(superuser, "ALTER SYSTEM RESET default_transaction_read_only");
    await server.query(superuser, "SELECT pg_reload_conf()");
  }
  await expect.poll(() => database.probeWrite().then(() => "written"), { timeout: 10_000 }).toBe("written");
});

test("one of several that stands still in the middle of a transaction keeps the others from writing for seconds, and does nothing of it later", async () => {
  await database.close();
  const [still, other] = [await open(address, { claim: "among" }), await open(address, { claim: "among" })];
  const { promise: goesOn, resolve: goOn } = Promise.withResolvers<void>();
  const { promise: stands, resolve: stand } = Promise.withResolvers<void>();
  const change = still.transaction(async (tx) => {
    await tx.insertInto("servers").values({ user_id: 1, name: "of the one that stood still" }).execute();
    stand();
    await goesOn;
    await tx.insertInto("servers").values({ user_id: 1, name: "later" }).execute();
  });
  const ended = change.catch((error: unknown) => error);
  await stands;
  // Whoever waits for another process gives up after ten seconds.
  await other.transaction(async (tx) => void (await tx.insertInto("servers").values({ user_id: 1, name: "other" }).execute()));
  goOn();
  expect(await ended).toMatchObject({ name: "DatabaseError" });
  expect(await other.kysely.selectFrom("servers").select("name").execute()).toEqual([{ name: "other" }]);
  await still.close();
  await other.close();
  database = await open();
});

test("a database that says nothing any more is closed all the same, and what is under way on it fails", async () => {
  const link = await openTcpLink(Number(new URL(address).port));
  await database.close();
  database = await open(Object.assign(new URL(address), { port: String(link.port) }).href);
  expect(await names()).toEqual([]);
  link.cut();
  const asked = Promise.allSettled([names(), addServer("unanswered"), addServer("waits behind it")]);
  await database.close();
  expect((await asked).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  await link.close();
  database = await open();
  expect(await names()).toEqual([]);
});

test("a transaction in which a statement failed is not taken for done", async () => {
  const committing = database.transaction(async (tx) => {
    await tx.insertInto("servers").values({ user_id: 1, name: "a", uuid: "u" }).execute();
    await tx
      .insertInto("servers")
      .values({ user_id: 1, name: "b", uuid: "u" })
      .execute()
      .catch(() => undefined);
  });
  await expect(committing).rejects.toMatchObject({ failure: "statement" });
  expect(await names()).toEqual([]);
});

test("a password stands in no error", async () => {
  const secret = new URL(address);
  secret.password = "swordfish";
  secret.port = "1";
  for (const at of [secret.href, "postgres://user:swordfish@[bad/name", "postgres://user:swordfish@127.0.0.1:1"]) {
    const error: unknown = await open(at).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "DatabaseError" });
    expect(String(error)).not.toContain("swordfish");
  }
});
