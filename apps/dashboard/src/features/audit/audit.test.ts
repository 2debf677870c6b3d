import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AuditPage } from "@windfire/api";
import type { Caller } from "#kernel";
import { createAuditLog, createAuditSearch } from "#platform/audit";
import type { Actor } from "#platform/audit";
import { openTemporaryDatabase, statement } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { FileParts } from "#platform/http";
import { createRouteCaller } from "#platform/http/testing";
import { AUDIT_FILES } from "./export.ts";
import { createAuditRoom } from "./index.ts";

const admin: Caller = { kind: "session", user: { id: 1, username: "admin", role: 0 }, sessionKey: "k", via: "header" };
const ANN: Actor = { kind: "user", userId: 3, username: "ann", tokenId: 0, address: "192.0.2.7" };
const ROBOT: Actor = { kind: "token", userId: 3, username: "ann", tokenId: 9, tokenName: "robot", address: "192.0.2.8" };
const DAY_MS = 86_400_000;

let temporary: TemporaryDatabase;
let now = 0;
beforeEach(async () => {
  temporary = await openTemporaryDatabase();
  now = Date.UTC(2026, 0, 1);
});
afterEach(() => temporary.remove());

function open() {
  const { database } = temporary;
  const audit = createAuditLog({ database, now: () => now });
  const room = createAuditRoom({ database, audit, now: () => now });
  const write = (actor: Actor, action: string, key: number | string, to: object = {}): Promise<void> =>
    database.transaction((tx) => audit.write(tx, { actor, action, kind: action.split(".")[0] ?? "", key, to, secrets: ["password"] }));
  const call = createRouteCaller(room.routes);
  const dataOf = async (request: string): Promise<unknown> => {
    const answer = await call(admin, request);
    if ("error" in answer) throw new Error(answer.error);
    return answer.data;
  };
  const search = async (query: Record<string, string>): Promise<AuditPage> =>
    (await dataOf(`GET /audit?${new URLSearchParams(query).toString()}`)) as AuditPage;
  return { room, write, call, dataOf, search };
}

describe("searching", () => {
  test.each([
    [{}, [5, 4, 3, 2, 1]],
    [{ actor: "token" }, [4]],
    [{ user: "3" }, [4, 2, 1]],
    [{ token: "9" }, [4]],
    [{ kind: "server" }, [4, 2, 1]],
    [{ kind: "server", key: "7" }, [2, 1]],
    [{ kind: "setting", key: "site" }, [5]],
    [{ action: "server.update" }, [4, 2]],
    [{ action: "server.*" }, [4, 2, 1]],
    [{ since: "2026-01-01T00:02:00Z", until: "2026-01-01T00:04:00+00:00" }, [4, 3]],
    [{ text: "HONG kong" }, [2]],
    [{ text: 'say "hi"' }, [4]],
    [{ text: "100%" }, []],
    [{ text: "192.0.2.8" }, [4]],
    [{ text: "robot" }, [4]],
    [{ text: "geheim" }, []],
  ])("%j finds %j", async (query, ids) => {
    const { write, search } = open();
    const deeds = [
      [ANN, "server.create", 7, { name: "a" }],
      [ANN, "server.update", 7, { name: "hong Kong" }],
      [{ ...ANN, kind: "system", userId: 0, username: "" }, "service.create", 7, { password: "geheim" }],
      [ROBOT, "server.update", 8, { note: 'say "hi"' }],
      [{ ...ANN, userId: 4, username: "bob" }, "setting.update", "site", { name: "1000" }],
    ] as const;
    for (const [actor, action, key, to] of deeds) {
      await write(actor, action, key, to);
      now += 60_000;
    }
    const { lines, next } = await search(query);
    expect(lines.map(({ id }) => id)).toEqual(ids);
    expect(next).toBeUndefined();
  });

  test("goes on where the page before ended, and a search of texts looks at a bounded number of lines for one page", async () => {
    const { write, search } = open();
    await write(ANN, "server.create", 1, { name: "needle" });
    await statement(temporary.database, "UPDATE sqlite_sequence SET seq = 120000 WHERE name = 'wf_audit'").run();
    for (let key = 2; key <= 6; key++) await write(ANN, "server.update", key);
    const first = await search({ limit: "2" });
    expect([first.lines.map(({ key }) => key), first.next]).toEqual([["6", "5"], 120_004]);
    const second = await search({ limit: "10", before: String(first.next) });
    expect([second.lines.map(({ key }) => key), second.next]).toEqual([["4", "3", "2", "1"], undefined]);

    const pages: string[][] = [];
    for (let page = await search({ text: "needle" }); ; page = await search({ text: "needle", before: String(page.next) })) {
      pages.push(page.lines.map(({ key }) => key));
      if (page.next === undefined) break;
    }
    expect(pages).toEqual([[], [], ["1"]]);
  });

  test("an empty log is an empty page", async () => {
    expect(await open().search({})).toEqual({ lines: [] });
    expect(await open().search({ text: "x" })).toEqual({ lines: [] });
  });

  test("says what occurs", async () => {
    const { write, call } = open();
    for (const action of ["server.update", "cron.delete", "server.update", "cron.create"]) await write(ANN, action, 1);
    expect(await call(admin, "GET /audit/kinds")).toEqual({
      data: { actions: ["cron.create", "cron.delete", "server.update"], kinds: ["cron", "server"] },
    });
  });
});

describe("a file", () => {
  const textOf = async (answer: unknown): Promise<string> => {
    if (!(answer instanceof FileParts)) throw new Error("no file");
    const parts: string[] = [];
    for await (const part of answer.parts) parts.push(String(part));
    return parts.join("");
  };

  test("of JSON has a line for each", async () => {
    const { write, dataOf } = open();
    for (let key = 1; key <= 450; key++) await write(ROBOT, "server.update", key);
    const lines = (await textOf(await dataOf("GET /audit/export?format=jsonl"))).trimEnd().split("\n");
    expect(lines).toHaveLength(450);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      id: 450,
      key: "450",
      actor: "token",
      token_name: "robot",
      at: "2026-01-01T00:00:00Z",
    });
  });

  test("of CSV quotes what has to be, and holds no formulas", async () => {
    const { write, dataOf } = open();
    await write({ ...ANN, username: '=cmd|"x"' }, "server.update", 1, { name: "a, b" });
    const text = await textOf(await dataOf("GET /audit/export"));
    expect(text.split("\r\n")).toEqual([
      "id,at,actor,user_id,username,token_id,token_name,address,action,kind,key,fields",
      `1,2026-01-01T00:00:00Z,user,3,"'=cmd|""x""",0,,192.0.2.7,server.update,server,1,"[{""field"":""name"",""to"":""a, b""}]"`,
      "",
    ]);
    expect(AUDIT_FILES.csv.contentType).toMatch(/^text\/csv/);
  });

  test("those that were asked for at the same moment count too, and one that is left before its first piece makes room", async () => {
    const { call, dataOf } = open();
    const asked: FileParts[] = [];
    for (let count = 0; count < 4; count++) asked.push((await dataOf("GET /audit/export")) as FileParts);
    expect(await call(admin, "GET /audit/export")).toEqual({ error: "too many exports at once" });
    await asked[0]?.parts[Symbol.asyncIterator]().return?.();
    expect(await dataOf("GET /audit/export")).toBeInstanceOf(FileParts);
    expect(await call(admin, "GET /audit/export")).toEqual({ error: "too many exports at once" });
  });

  test("so many are read at once, and one that is left makes room", async () => {
    const { write, call, dataOf } = open();
    for (let key = 1; key <= 3; key++) await write(ANN, "server.update", key);
    const begun = [];
    for (let count = 0; count < 4; count++) {
      const iterator = ((await dataOf("GET /audit/export")) as FileParts).parts[Symbol.asyncIterator]();
      await iterator.next();
      begun.push(iterator);
    }
    expect(await call(admin, "GET /audit/export")).toEqual({ error: "too many exports at once" });
    await begun[0]?.return?.();
    expect(await dataOf("GET /audit/export")).toBeInstanceOf(FileParts);
  });
});

describe("what is kept", () => {
  const keys = async (): Promise<string[]> =>
    (await createAuditSearch(temporary.database).page({}, undefined, 10_000)).lines.map(({ key }) => String(key)).toReversed();

  test("ends by age", async () => {
    const { write, call, dataOf, room } = open();
    await write(ANN, "server.update", "old");
    now += 20 * DAY_MS;
    await write(ANN, "server.update", "new");
    await room.prune();
    expect(await keys()).toEqual(["old", "new"]);
    await call(admin, "PATCH /audit/retention", { days: 10 });
    await room.prune();
    expect(await keys()).toEqual(["new", "retention"]);
    expect(await dataOf("GET /audit/retention")).toEqual({
      days: 10,
      lines: 200_000,
      megabytes: 64,
      kept_lines: 2,
      oldest_at: "2026-01-21T00:00:00Z",
    });
  });

  test("ends by number and by bytes", async () => {
    const { write, call, room } = open();
    await call(admin, "PATCH /audit/retention", { lines: 1_000, megabytes: 1 });
    await statement(temporary.database, "UPDATE sqlite_sequence SET seq = 999 WHERE name = 'wf_audit'").run();
    for (let key = 0; key < 4; key++) await write(ANN, "server.update", key);
    await room.prune();
    expect(await keys()).toEqual(["0", "1", "2", "3"]);

    await statement(temporary.database, "UPDATE wf_audit SET fields = json_array(hex(zeroblob(200000))) WHERE id > 1000").run();
    await room.prune();
    expect(await keys()).toEqual(["2", "3"]);
  });

  test("a change of it is a line too", async () => {
    const { call, search } = open();
    await call(admin, "PATCH /audit/retention", { days: 30 });
    expect((await search({})).lines).toMatchObject([
      { action: "audit.retention", username: "admin", fields: [{ field: "days", from: 365, to: 30 }] },
    ]);
  });
});
