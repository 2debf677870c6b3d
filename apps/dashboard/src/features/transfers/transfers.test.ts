import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { TRANSFER_STATUS } from "@windfire/api";
import { encodeHost, TASK } from "@windfire/protocol";
import { sampleHost } from "@windfire/testkit";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { randomText } from "@windfire/kit";
import { openBench } from "#access/testing";
import type { AccessBench, BenchParts, Browser } from "#access/testing";
import { createFleetBench, testServer } from "#features/fleet/testing";
import type { FleetBench, TestAgent } from "#features/fleet/testing";
import { runCascades } from "#platform/database";
import type { Cascade } from "#platform/database";
import { createAuditLog } from "#platform/audit";
import { serverStore } from "#features/servers";
import { createTransfers } from "./index.ts";
import type { Transfers, TransfersDeps } from "./index.ts";
import { ROLE } from "#kernel";
import type { Caller } from "#kernel";
import { createRouteCaller } from "#platform/http/testing";

/** Ownership transfers over real HTTP, real sockets and a real database; the agent is the test (spec 30 section 7). */
const HOUR = 3_600_000;
let bench: AccessBench;
let fleet: FleetBench;
let transfers: Transfers;
let admin: Browser;
let alice: Browser;
let bob: Browser;

/** Alice (user 2) owns servers 1 and 3, Bob (user 3) server 2. */
const OWNERS = [
  { id: 1, ownerId: 2 },
  { id: 2, ownerId: 3 },
  { id: 3, ownerId: 2 },
];

const furnish = ({ access, clock, database, errors }: BenchParts, deps: Partial<TransfersDeps> = {}): Promise<Transfers> =>
  createTransfers({
    clock,
    now: () => clock.now(),
    database,
    audit: createAuditLog({ database, now: () => clock.now() }),
    servers: fleet.servers,
    newSecret: () => randomText(randomBytes, 32),
    findServer: serverStore.find,
    isOwner: async (tx, id) => (await tx.selectFrom("users").select("id").where("id", "=", id).executeTakeFirst()) !== undefined,
    async setOwner(tx, changes, id, ownerId) {
      const server = await serverStore.find(tx, id);
      if (!server) return false;
      changes.put("server", id);
      changes.afterwards(() => fleet.servers.put({ ...server, ownerId }));
      return serverStore.setOwner(tx, id, ownerId, clock.now());
    },
    agents: fleet.fleet.agents,
    userExists: (id) => access.users.get(id) !== undefined,
    connections: access.liveConnections,
    maxMessage: 4096,
    onError: (error) => errors.push(error),
    ...deps,
  });
/** Below HTTP, for rooms that are made anew. */
const asAdmin: Caller = { kind: "session", user: { id: 1, username: "admin", role: ROLE.admin }, sessionKey: "k", via: "header" };

beforeEach(async () => {
  fleet = createFleetBench(
    OWNERS.map((owner) => testServer(owner)),
    { onOnline: (id) => transfers.onOnline(id) },
  );
  bench = await openBench({
    prepare: async (database) => {
      for (const { id, ownerId } of OWNERS)
        await database.kysely
          .insertInto("servers")
          .values({ id, user_id: ownerId, name: `server ${id}`, uuid: `u${id}` })
          .execute();
    },
    room: async (parts) => {
      transfers = await furnish(parts);
      return transfers;
    },
    deps: { ownerOfServer: (id) => fleet.servers.get(id)?.settings.ownerId },
  });
  fleet.fleet.onResult(TASK.serverTransfer, (serverId, result) => transfers.onResult(serverId, result));
  admin = await bench.admin();
  for (const username of ["alice", "bob", "carol"]) await admin.post("/user", { username, password: "member-password", role: 1 });
  [alice, bob] = await Promise.all([bench.browser().signIn("alice", "member-password"), bench.browser().signIn("bob", "member-password")]);
});
afterEach(async () => {
  transfers.stop();
  fleet.fleet.stop();
  await bench.close();
});

interface Row {
  readonly id: number;
  readonly server_id: number;
  readonly status: number;
  readonly from_user_id: number;
  readonly to_user_id: number;
  readonly last_error?: string;
  readonly acked_at?: string;
}

const move = async (ids: number[], toUser = 3, as = admin): Promise<Record<string, unknown>[]> =>
  (await as.post("/batch-move/server", { ids, to_user: toUser })).data as Record<string, unknown>[];
const list = async (as = admin): Promise<Row[]> => (await as.get("/transfer")).data as Row[];
const ownerOf = (id: number): number | undefined => fleet.servers.get(id)?.settings.ownerId;
const storedOwner = async (id: number): Promise<number | null> =>
  (await bench.database.kysely.selectFrom("servers").select("user_id").where("id", "=", id).executeTakeFirstOrThrow()).user_id;
/** The secret that an order to change credentials brings. */
const secretFor = async (agent: TestAgent): Promise<{ id: number; secret: string }> => {
  const task = await agent.task();
  expect(task.type).toBe(TASK.serverTransfer);
  return { id: task.id, secret: (JSON.parse(task.data) as { client_secret: string }).client_secret };
};
/** Background work asks the database more than once: an answer of it is waited for. */
const within = { timeout: 20_000, interval: 20 };
/** The next moment at which everything that was begun in the background is over: writes take turns. */
const settled = (): Promise<void> => bench.database.transaction(() => Promise.resolve());
/** As after a restart: everything in memory anew, from the rows. */
const restart = async (): Promise<void> => {
  transfers.stop();
  transfers = await furnish(bench);
};
const remove = async (cascade: Cascade, id: number): Promise<void> =>
  bench.database.change((tx, changes) => runCascades(tx, [cascade], [id], changes));

describe("starting", () => {
  test("flips the owner at once, in the rows and in memory, cuts the server's streams and tells the agent", async () => {
    const agent = fleet.connect(1);
    fleet.streams.create({ purpose: "terminal", creatorId: 2, serverId: 1 });
    expect(await move([1])).toEqual([{ server_id: 1, status: "pending", transfer_id: 1 }]);
    expect([ownerOf(1), await storedOwner(1)]).toEqual([3, 3]);
    expect(fleet.streams.size).toBe(0);
    const { id, secret } = await secretFor(agent);
    expect(id).toBe(1);
    expect(secret).toMatch(/^[0-9A-Za-z]{32}$/);
  });

  test("gives one result for each id, in their order; an id twice is the new owner's the second time", async () => {
    await fleet.fleet.reportSystemInfo(fleet.servers.get(3) ?? expect.fail(), encodeHost({ ...sampleHost(), version: "1.17.9" }));
    expect((await move([99, 2, 3, 1, 1])).map(({ status }) => status)).toEqual([
      "server_not_found",
      "same_owner",
      "agent_too_old",
      "pending",
      "same_owner",
    ]);
    expect((await move([1], 4)).map(({ status }) => status)).toEqual(["already_transferring"]);
  });

  test.each([
    [{ ids: [1] }, "user id is required"],
    [{ ids: [1], to_user: 99 }, "user id 99 does not exist"],
  ])("%j is refused", async (body, error) => {
    expect((await admin.post("/batch-move/server", body)).error).toBe(error);
    expect(await list()).toEqual([]);
  });

  test("members give nothing away and take nothing; foreign servers read as missing", async () => {
    expect((await alice.post("/batch-move/server", { ids: [1], to_user: 3 })).error).toBe("permission denied");
    expect((await move([1, 2], 2, alice)).map(({ status }) => status)).toEqual(["same_owner", "server_not_found"]);
  });

  test("a token keeps to its servers, also an administrator's", async () => {
    const { data } = await admin.post("/api-tokens", { name: "t", scopes: ["nezha:*"], server_ids: [2] });
    const token = bench.browser({ authorization: `Bearer ${(data as { token: string }).token}` });
    expect((await move([1, 2], 4, token)).map(({ status }) => status)).toEqual(["server_not_found", "pending"]);
    await move([1]);
    expect((await list(token)).map((row) => row.server_id)).toEqual([2]);
    expect((await token.post("/transfer/2/cancel")).error).toBe("permission denied");
  });

  test("is whole or not there: owner, transfer and audit line are one change", async () => {
    const before = await bench.database.kysely.selectFrom("wf_audit").selectAll().execute();
    for (const broken of [
      { setOwner: () => Promise.reject(new Error("disk full")) },
      { setOwner: async () => false },
      { audit: { write: () => Promise.reject(new Error("disk full")) } },
    ]) {
      transfers.stop();
      transfers = await furnish(bench, broken);
      bench.errors.length = 0;
      const outcome = await createRouteCaller(transfers.routes)(asAdmin, "POST /batch-move/server", { ids: [1], to_user: 3 });
      expect(outcome).toEqual({ data: [{ server_id: 1, status: "server_not_found", error: "database error" }] });
      expect(bench.errors).toHaveLength(1);
    }
    expect([await storedOwner(1), ownerOf(1), await list()]).toEqual([2, 2, []]);
    expect(await bench.database.kysely.selectFrom("wf_audit").selectAll().execute()).toEqual(before);
  });

  test("the agent's secret of before is good at every moment of a move and of its way back", async () => {
    const kinds = async (): Promise<string[]> =>
      (await bench.database.kysely.selectFrom("wf_changes").select("kind").orderBy("sequence").execute()).map(({ kind }) => kind);
    await move([1]);
    expect((await kinds()).slice(-2)).toEqual(["transfer", "server"]);
    await admin.post("/transfer/1/cancel");
    expect((await kinds()).slice(-2)).toEqual(["server", "transfer"]);
  });

  test("is judged by the rows as they are then: a server that was just given away is not the giver's any more", async () => {
    const given = bench.database.change(async (tx) => void (await serverStore.setOwner(tx, 1, 3, 0)));
    const [result] = await Promise.all([move([1], 2, alice), given]);
    expect(result).toEqual([{ server_id: 1, status: "server_not_found" }]);
  });

  test("everybody's part is written down, without secrets", async () => {
    const agent = fleet.connect(1);
    await move([1]);
    await secretFor(agent);
    await admin.post("/transfer/1/cancel");
    const { secret } = await secretFor(agent);
    await transfers.secrets.judge(secret, 1);
    const lines = await createAuditLog({ database: bench.database, now: () => 0 }).newest(99);
    const ours = lines.filter(({ targetKind }) => targetKind === "transfer");
    expect(ours.map(({ kind, action }) => [kind, action])).toEqual([
      ["system", "transfer.confirm"],
      ["user", "transfer.cancel"],
      ["user", "transfer.start"],
    ]);
    expect(JSON.stringify(ours)).not.toContain(secret);
  });

  test("two moves of one server at the same moment: one begins", async () => {
    const results = (await Promise.all([move([1], 3), move([1], 4)])).flat();
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(["already_transferring", "pending"]));
    expect(await list()).toHaveLength(1);
  });
});

describe("what agents sign in with", () => {
  test("the new secret verifies the move, for its server alone, and is that server's from then on", async () => {
    const agent = fleet.connect(1);
    await move([1]);
    const { secret } = await secretFor(agent);
    expect(await transfers.secrets.judge(secret, 2)).toEqual({
      outcome: "refuse",
      text: "transfer handshake secret bound to a different server",
    });
    expect(await transfers.secrets.judge(secret, undefined)).toMatchObject({ outcome: "refuse" });
    expect(await transfers.secrets.judge("something else", 1)).toEqual({ outcome: "unknown" });
    const both = await Promise.all([transfers.secrets.judge(secret, 1), transfers.secrets.judge(secret, 1)]);
    expect(both).toEqual([{ outcome: "accept" }, { outcome: "accept" }]);
    expect(await list()).toMatchObject([{ status: TRANSFER_STATUS.verified, acked_at: expect.any(String) as string }]);
    expect(transfers.secrets.pending(1)).toBeUndefined();
    await restart();
    expect(await transfers.secrets.judge(secret, 1)).toEqual({ outcome: "accept" });
    expect(await transfers.secrets.judge(secret, 2)).toEqual({
      outcome: "refuse",
      text: "transfer verified handshake secret bound to a different server",
    });
  });

  test("an agent that agrees proves nothing; one that refuses ends the move, only with its own number", async () => {
    const agent = fleet.connect(1);
    await move([1]);
    const { id, secret } = await secretFor(agent);
    agent.answer({ id, type: TASK.serverTransfer, successful: true });
    agent.answer({ id: 77, type: TASK.serverTransfer, successful: false, data: "forged" });
    fleet.connect(2).answer({ id, type: TASK.serverTransfer, successful: false, data: "another server's" });
    await settled();
    expect(await list()).toMatchObject([{ status: TRANSFER_STATUS.pending }]);
    agent.answer({ id, type: TASK.serverTransfer, successful: false, data: "no TLS" });
    const back = await secretFor(agent);
    expect(await list()).toMatchObject([{ status: TRANSFER_STATUS.failed, last_error: "no TLS" }]);
    expect([ownerOf(1), await storedOwner(1)]).toEqual([2, 2]);
    expect(back.secret).not.toBe(secret);
  });

  test("after an undone move both secrets are good for a day, and the old owner's; the way back is confirmed by its own secret", async () => {
    const first = fleet.connect(1);
    await move([1]);
    const { secret: forward } = await secretFor(first);
    expect((await admin.post("/transfer/1/cancel")).data).toMatchObject({ id: 1, status: TRANSFER_STATUS.cancelled });
    const { secret: backward } = await secretFor(first);
    expect(await transfers.secrets.judge(forward, 1)).toEqual({ outcome: "accept" });
    expect(await transfers.secrets.judge(forward, 2)).toEqual({
      outcome: "refuse",
      text: "transfer terminal-recovery secret bound to a different server",
    });
    expect(transfers.secrets.rolledBackFrom(1)).toBe(2);
    await restart();
    expect((await secretFor(fleet.connect(1))).secret).toBe(backward);
    expect(await transfers.secrets.judge(backward, 1)).toEqual({ outcome: "accept" });
    expect(await list()).toMatchObject([{ status: TRANSFER_STATUS.cancelled, acked_at: expect.any(String) as string }]);
    expect(await transfers.secrets.judge(forward, 1)).toEqual({ outcome: "unknown" });
    expect(transfers.secrets.rolledBackFrom(1)).toBeUndefined();
    await restart();
    expect(await transfers.secrets.judge(backward, 1)).toEqual({ outcome: "accept" });
  });

  test("an undone move that is never confirmed is forgotten after a day", async () => {
    const agent = fleet.connect(1);
    await move([1]);
    const { secret } = await secretFor(agent);
    await admin.post("/transfer/1/cancel");
    bench.clock.jump(24 * HOUR + 1000);
    expect(await transfers.secrets.judge(secret, 1)).toEqual({ outcome: "unknown" });
    expect(transfers.secrets.rolledBackFrom(1)).toBeUndefined();
  });

  test("of two undone moves the newer one's secrets count, also after a restart", async () => {
    const agent = fleet.connect(1);
    for (const id of [1, 2]) {
      await move([1]);
      await secretFor(agent);
      await admin.post(`/transfer/${id}/cancel`);
      await secretFor(agent);
    }
    const newest = await bench.database.kysely
      .selectFrom("server_transfers")
      .select("revert_handshake_secret")
      .where("id", "=", 2)
      .executeTakeFirstOrThrow();
    await restart();
    expect((await secretFor(fleet.connect(1))).secret).toBe(newest.revert_handshake_secret);
  });

  test("when the newer of two undone moves is confirmed, the older one does not come back with a restart", async () => {
    const agent = fleet.connect(1);
    const secrets: string[] = [];
    for (const id of [1, 2]) {
      await move([1]);
      secrets.push((await secretFor(agent)).secret);
      await admin.post(`/transfer/${id}/cancel`);
      secrets.push((await secretFor(agent)).secret);
    }
    const [oldForward = "", oldBackward = "", forward = "", backward = ""] = secrets;
    const good = async (): Promise<string[]> => {
      const verdicts = [];
      for (const secret of [oldForward, oldBackward, forward, backward]) verdicts.push((await transfers.secrets.judge(secret, 1)).outcome);
      return verdicts;
    };
    expect(await transfers.secrets.judge(backward, 1)).toEqual({ outcome: "accept" });
    const before = await good();
    expect(before).toEqual(["unknown", "unknown", "unknown", "accept"]);
    await restart();
    expect(await good()).toEqual(before);
    expect(transfers.secrets.rolledBackFrom(1)).toBeUndefined();
  });

  test("an agent that was away gets the order when it comes back; one that turns out too old ends the move", async () => {
    await move([1, 3]);
    expect((await secretFor(fleet.connect(1))).id).toBe(1);
    await fleet.fleet.reportSystemInfo(fleet.servers.get(3) ?? expect.fail(), encodeHost({ ...sampleHost(), version: "1.17.0" }));
    fleet.connect(3);
    const ended = {
      server_id: 3,
      status: TRANSFER_STATUS.failed,
      last_error: expect.stringContaining("older than v1.18.0") as string,
    };
    await vi.waitFor(async () => expect((await list())[0]).toMatchObject(ended), within);
  });
});

describe("how moves end", () => {
  test("nobody came for a day: the server goes back, looked at every 30 s", async () => {
    await move([1]);
    transfers.start();
    // A clock that is set ahead is no time in which somebody could have come.
    bench.clock.jump(25 * HOUR);
    await bench.clock.advanceAsync(30_000);
    await settled();
    expect(await list(await bench.admin())).toMatchObject([{ status: TRANSFER_STATUS.pending }]);
    bench.clock.advance(24 * HOUR + 1000);
    await bench.clock.advanceAsync(30_000);
    const reader = await bench.admin();
    await vi.waitFor(async () => expect(await list(reader)).toMatchObject([{ status: TRANSFER_STATUS.timeout }]), within);
    await vi.waitFor(() => expect(ownerOf(1)).toBe(2), within);
    expect(await storedOwner(1)).toBe(2);
  });

  test("cancelling is for administrators and whoever gave; unknown moves read as foreign, ended ones stay as they are", async () => {
    await move([1]);
    for (const [who, path] of [
      [bob, "/transfer/1/cancel"],
      [alice, "/transfer/9/cancel"],
    ] as const)
      expect((await who.post(path)).error).toBe("permission denied");
    expect((await alice.post("/transfer/1/cancel")).data).toMatchObject({ status: TRANSFER_STATUS.cancelled });
    expect((await admin.post("/transfer/1/cancel")).data).toMatchObject({ status: TRANSFER_STATUS.cancelled });
  });

  test("a cancel and a sign-in at the same moment: one of them wins, and rows and memory agree", async () => {
    const agent = fleet.connect(1);
    await move([1]);
    const { secret } = await secretFor(agent);
    const [, verdict] = await Promise.all([admin.post("/transfer/1/cancel"), transfers.secrets.judge(secret, 1)]);
    const [row] = await list();
    expect(verdict).toEqual({ outcome: "accept" });
    expect(ownerOf(1)).toBe(row?.status === TRANSFER_STATUS.verified ? 3 : 2);
    expect(await storedOwner(1)).toBe(ownerOf(1));
  });

  test("a deleted server ends its move and takes its secrets along", async () => {
    const agent = fleet.connect(1);
    await move([1]);
    const { secret } = await secretFor(agent);
    await remove(transfers.cascades.servers, 1);
    expect(await list()).toMatchObject([{ status: TRANSFER_STATUS.cancelled, last_error: "server deleted" }]);
    expect(await transfers.secrets.judge(secret, 1)).toEqual({ outcome: "unknown" });
  });

  test("a deleted user ends the moves to and from it and leaves the owner; a credential from an earlier move stays good", async () => {
    const agent = fleet.connect(1);
    await move([1]);
    const { secret } = await secretFor(agent);
    await transfers.secrets.judge(secret, 1);
    await move([1], 4);
    await remove(transfers.cascades.users, 3);
    expect((await list())[0]).toMatchObject({ status: TRANSFER_STATUS.cancelled, last_error: "user deleted" });
    expect(ownerOf(1)).toBe(4);
    expect(await transfers.secrets.judge(secret, 1)).toEqual({ outcome: "accept" });
  });

  test("when the credentials of a server end, no secret of its moves lets anybody in, also not the one of a move under way", async () => {
    const agent = fleet.connect(1);
    await move([1]);
    const { secret: first } = await secretFor(agent);
    await transfers.secrets.judge(first, 1);
    await move([1], 4);
    const { secret: second } = await secretFor(agent);
    await move([3]);
    await remove(transfers.cascades.credentials, 1);
    const now = await list();
    expect(now.filter(({ server_id }) => server_id === 1)).toMatchObject([
      { status: TRANSFER_STATUS.cancelled, last_error: "credential ended" },
      { status: TRANSFER_STATUS.verified },
    ]);
    expect(now.find(({ server_id }) => server_id === 3)).toMatchObject({ status: TRANSFER_STATUS.pending });
    expect([ownerOf(1), await storedOwner(1)]).toEqual([4, 4]);
    for (const again of [false, true]) {
      if (again) await restart();
      expect(await transfers.secrets.judge(first, 1)).toEqual({ outcome: "unknown" });
      expect(await transfers.secrets.judge(second, 1)).toEqual({ outcome: "unknown" });
      expect([transfers.secrets.pending(1), transfers.secrets.rolledBackFrom(1)]).toEqual([undefined, undefined]);
      expect(transfers.secrets.pending(3)).toMatchObject({ toUserId: 3 });
    }
  });

  test("of many moves the newest are kept, and what the agent was confirmed with; of servers that are gone some", async () => {
    const agent = fleet.connect(1);
    await move([1]);
    const { secret } = await secretFor(agent);
    await transfers.secrets.judge(secret, 1);
    const { kysely } = bench.database;
    const row = { from_user_id: 3, to_user_id: 4, initiator_id: 1, status: TRANSFER_STATUS.cancelled, last_error: "" };
    const secrets = { handshake_secret: "h", revert_handshake_secret: "r", created_at: null, updated_at: null, user_id: 1 };
    const many = (serverId: number, count: number) =>
      Array.from({ length: count }, () => ({ ...row, ...secrets, server_id: serverId, acked_at: null }));
    const insert = (serverId: number, count: number): Promise<void> =>
      bench.database.change(async (tx, changes) => {
        const rows = await tx.insertInto("server_transfers").values(many(serverId, count)).returning("id").execute();
        changes.put("transfer", ...rows.map(({ id }) => id));
      });
    await insert(1, 80);
    for (let rest = 1_010; rest > 0; rest -= 202) await insert(99, 202);
    await move([1], 4);
    const left = await list();
    expect(left.filter(({ server_id }) => server_id === 1)).toHaveLength(1 + 50 + 1);
    expect(left.filter(({ server_id }) => server_id === 99)).toHaveLength(1_000);
    expect(await kysely.selectFrom("server_transfers").select("id").execute()).toHaveLength(left.length);
    for (const again of [false, true]) {
      if (again) await restart();
      expect(await transfers.secrets.judge(secret, 1)).toEqual({ outcome: "accept" });
    }
  });

  test("a move of a server that is gone ends at the next start", async () => {
    await move([1]);
    fleet.servers.remove([1]);
    await restart();
    expect(await list()).toMatchObject([{ status: TRANSFER_STATUS.cancelled, last_error: "server deleted" }]);
  });
});

describe("trying again", () => {
  test("makes a new move from the owner of now to the same user", async () => {
    await move([1]);
    await admin.post("/transfer/1/cancel");
    expect((await admin.post("/transfer/1/retry")).data).toMatchObject({
      id: 2,
      server_id: 1,
      from_user_id: 2,
      to_user_id: 3,
      status: TRANSFER_STATUS.pending,
    });
    expect((await list()).map(({ id, status }) => [id, status])).toEqual([
      [2, TRANSFER_STATUS.pending],
      [1, TRANSFER_STATUS.cancelled],
    ]);
  });

  test("is for administrators, and for what has ended and can be moved", async () => {
    await move([1]);
    expect((await alice.post("/transfer/1/retry")).error).toBe("permission denied");
    expect((await admin.post("/transfer/9/retry")).error).toBe("database error");
    expect((await admin.post("/transfer/1/retry")).error).toBe("cannot retry a non-terminal transfer (status=0)");
    await admin.post("/transfer/1/cancel");
    await move([1], 4);
    expect((await admin.post("/transfer/1/retry")).error).toBe("server already has an in-flight transfer");
    await admin.post("/transfer/2/cancel");
    await move([1], 3);
    expect((await admin.post("/transfer/1/retry")).error).toBe("server already belongs to the target user");
    await bench.database.kysely.deleteFrom("servers").where("id", "=", 1).execute();
    expect((await admin.post("/transfer/1/retry")).error).toBe("record not found");
  });
});

describe("who sees what", () => {
  test("administrators see all, others where they give, get or began; secrets nobody", async () => {
    await move([1], 3);
    await move([2], 4);
    const carol = await bench.browser().signIn("carol", "member-password");
    const seen = async (who: Browser): Promise<number[]> => (await list(who)).map(({ id }) => id);
    expect([await seen(admin), await seen(alice), await seen(bob), await seen(carol)]).toEqual([[2, 1], [1], [2, 1], [2]]);
    const rows = await bench.database.kysely.selectFrom("server_transfers").selectAll().execute();
    const { text } = await admin.get("/transfer");
    for (const row of rows) {
      expect(text).not.toContain(row.handshake_secret);
      expect(text).not.toContain(row.revert_handshake_secret);
    }
  });

  const subscribe = async (who: Browser): Promise<{ socket: WebSocket; events: Row[] }> => {
    const socket = new WebSocket(`${bench.base.replace("http", "ws")}/api/v1/ws/transfer`, {
      headers: { authorization: `Bearer ${who.token}` },
    });
    const events: Row[] = [];
    socket.on("message", (data: Buffer) => events.push(JSON.parse(data.toString()) as Row));
    await once(socket, "open");
    return { socket, events };
  };
  /** Everything sent before has arrived: frames keep their order. */
  const arrived = async ({ socket }: { socket: WebSocket }): Promise<void> => {
    const pong = once(socket, "pong");
    socket.ping();
    await pong;
  };

  test("every change is told to those who may see the row, from now on, without secrets", async () => {
    await move([3]);
    const [forAdmin, forAlice, forCarol] = await Promise.all([
      subscribe(admin),
      subscribe(alice),
      subscribe(await bench.browser().signIn("carol", "member-password")),
    ]);
    await move([1]);
    await admin.post("/transfer/2/cancel");
    await Promise.all([forAdmin, forAlice, forCarol].map(arrived));
    const told = [
      [2, TRANSFER_STATUS.pending],
      [2, TRANSFER_STATUS.cancelled],
    ];
    const seen = (events: Row[]) => events.map(({ id, status }) => [id, status]);
    expect([seen(forAdmin.events), seen(forAlice.events), seen(forCarol.events)]).toEqual([told, told, []]);
    expect(JSON.stringify(forAdmin.events)).not.toContain("secret");
  });

  test("a message over 4 KiB closes the socket with 1009; signing out with 1008; neither is anybody else's matter", async () => {
    const [loud, quiet, gone] = await Promise.all([subscribe(alice), subscribe(admin), subscribe(bob)]);
    loud.socket.send("x".repeat(4097));
    expect(((await once(loud.socket, "close")) as [number])[0]).toBe(1009);
    const closed = once(gone.socket, "close");
    await bob.post("/logout");
    expect(((await closed) as [number])[0]).toBe(1008);
    await move([1]);
    await arrived(quiet);
    expect(quiet.events).toHaveLength(1);
  });

  test("subscribers are pinged every 30 s and leave nothing behind", async () => {
    const { socket } = await subscribe(alice);
    const before = bench.clock.pending;
    const ping = once(socket, "ping");
    bench.clock.advance(30_000);
    await ping;
    socket.close();
    await once(socket, "close");
    await arrived(await subscribe(admin));
    expect(bench.clock.pending).toBe(before);
  });
});
