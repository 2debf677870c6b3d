import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ROLE } from "#kernel";
import type { Caller } from "#kernel";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import { OutboundError } from "#platform/outbound";
import type { OutboundRequest } from "#platform/outbound";
import { recordStore } from "./records/store.ts";
import { openRoom } from "./testing/room.ts";
import type { TestRoom } from "./testing/room.ts";

const alice: Caller = { kind: "session", user: { id: 2, username: "alice", role: ROLE.member }, sessionKey: "k", via: "cookie" };

type Answer = number | "hangs" | "lost";

let temporary: TemporaryDatabase;
let clock: ReturnType<typeof createFakeClock>;
let room: TestRoom;
/** What came in: `A 203.0.113.7 a.test`. */
let taken: string[];
let requests: OutboundRequest[];
let answers: (body: string) => Answer;
let hanging: ((answer: Answer) => void)[];
let servers: Server[];

const textOf = ({ body }: OutboundRequest): string => (typeof body === "string" ? body : "");

interface Server {
  readonly id: number;
  settings: {
    ownerId: number;
    enableDdns: boolean;
    ddnsProfiles: number[];
    overrideDdnsDomains: Record<string, string[]>;
  };
  address: { ipv4: string; ipv6: string };
}

const server = (id: number, over: Partial<Server["settings"]> = {}): Server => ({
  id,
  settings: { ownerId: 2, enableDdns: true, ddnsProfiles: [1], overrideDdnsDomains: {}, ...over },
  address: { ipv4: "", ipv6: "" },
});
const form = (over: object = {}) => ({
  name: "hook",
  provider: "webhook",
  domains: ["a.test"],
  max_retries: 3,
  enable_ipv4: true,
  enable_ipv6: true,
  access_id: "the-id",
  access_secret: "the-secret",
  webhook_url: "https://hook.example/the-path",
  webhook_method: 2,
  webhook_request_type: 1,
  webhook_request_body: "#record# #ip# #domain#",
  webhook_headers: '{"x-key":"#access_secret#"}',
  ...over,
});

/** As after a start: what is in memory is gone, what is in the database is not. */
async function open(): Promise<void> {
  room = await openRoom(temporary.database, clock, {
    list: servers,
    outbound: {
      async send(request) {
        requests.push(request);
        const body = textOf(request);
        let answer = answers(body);
        if (answer === "hangs") answer = await new Promise<Answer>((resolve) => hanging.push(resolve));
        if (answer === "lost") throw new OutboundError("timeout", "no whole answer in time", { written: true });
        if (answer === 200) taken.push(body);
        return { status: Number(answer), reason: "", body: "" };
      },
    },
  });
  await room.outbox.start();
}
const call = (request: string, body?: unknown) => createRouteCaller(room.ddns.routes)(alice, request, body);
/** Lets everything that is due happen. */
const quiet = async (): Promise<void> => {
  await vi.waitFor(async () => {
    expect((await room.outbox.stats()).sending).toBe(hanging.length);
    const waiting = await room.outbox.find({ topic: "ddns", states: ["waiting"] }, 1_000);
    if (hanging.length === 0) expect(waiting.filter(({ nextTryAt }) => nextTryAt <= clock.now())).toEqual([]);
  });
};
const moved = async (which: Server, ipv4: string, ipv6 = ""): Promise<void> => {
  which.address = { ipv4, ipv6 };
  room.facts.publish("server.address-changed", { serverId: which.id, previous: "", current: ipv4 || ipv6 });
  await settled();
};
const saved = async (which: Server): Promise<void> => {
  await temporary.database.change((tx, changes) => room.ddns.onSave(tx, changes, { id: which.id, ...which.settings }));
  await settled();
};
/** A change of nothing waits for the ones before it. */
const settled = async (): Promise<void> => {
  await temporary.database.change(async () => undefined);
  await quiet();
};
const pass = async (seconds: number): Promise<void> => {
  for (let second = 0; second < seconds; second++) {
    clock.advance(1_000);
    await quiet();
  }
};
const fates = async () => {
  const records = await recordStore.all(temporary.database.kysely);
  return records.map(({ domain, family, state, address }) => `${domain} ${family} ${state} ${address}`.trim()).toSorted();
};

beforeEach(async () => {
  clock = createFakeClock();
  taken = [];
  requests = [];
  hanging = [];
  answers = () => 200;
  servers = [server(1)];
  temporary = await openTemporaryDatabase({ clock });
  await open();
});
afterEach(async () => {
  for (const end of hanging.splice(0)) end(200);
  await room.outbox.stop();
  await temporary.remove();
});
const first = (): Server => servers[0] ?? server(0);

/** Spec 30 section 5.2. */
test("a changed address is published, the same one is not, not even after a start", async () => {
  await call("POST /ddns", form());
  await moved(first(), "203.0.113.1", "2001:db8::1");
  await moved(first(), "203.0.113.1", "2001:db8::1");
  await moved(first(), "203.0.113.2", "2001:db8::1");
  expect(taken).toEqual(["A 203.0.113.1 a.test", "AAAA 2001:db8::1 a.test", "A 203.0.113.2 a.test"]);
  await room.outbox.stop();
  await open();
  await moved(first(), "203.0.113.2", "2001:db8::1");
  expect(taken).toHaveLength(3);
  await moved(first(), "203.0.113.3", "2001:db8::1");
  expect(taken.slice(3)).toEqual(["A 203.0.113.3 a.test"]);
  expect(await fates()).toEqual(["a.test ipv4 published 203.0.113.3", "a.test ipv6 published 2001:db8::1"]);
});

test("a saved server is published again; one without an address, or switched off, is not", async () => {
  await call("POST /ddns", form());
  await saved(first());
  expect(taken).toEqual([]);
  await moved(first(), "203.0.113.1");
  await saved(first());
  expect(taken).toEqual(["A 203.0.113.1 a.test", "A 203.0.113.1 a.test"]);
  first().settings.enableDdns = false;
  await saved(first());
  await moved(first(), "203.0.113.2");
  expect(taken).toHaveLength(2);
});

/** Spec 30 section 5.4. */
test.each([
  ["A", "3+1"],
  ["AAAA", "1+3"],
])("families are apart: %s fails", async (failing, tries) => {
  await call("POST /ddns", form());
  answers = (body) => (body.startsWith(`${failing} `) ? 500 : 200);
  await moved(first(), "203.0.113.7", "2001:db8::7");
  await pass(20);
  const count = (record: string): number => requests.filter((request) => textOf(request).startsWith(`${record} `)).length;
  expect(`${count("A")}+${count("AAAA")}`).toBe(tries);
  const [four, six] = (await fates()).map((fate) => fate.split(" ")[2]);
  expect([four, six]).toEqual(failing === "A" ? ["failed", "published"] : ["published", "failed"]);
});

test("tries are spread: at once, after one second, after two more", async () => {
  await call("POST /ddns", form({ enable_ipv6: false, max_retries: 4 }));
  answers = () => 500;
  const counts: number[] = [];
  await moved(first(), "203.0.113.7");
  for (let second = 0; second < 9; second++) {
    counts.push(requests.length);
    await pass(1);
  }
  expect(counts).toEqual([1, 2, 2, 3, 3, 3, 3, 4, 4]);
});

test("a name without a zone is given up, and the next one goes on", async () => {
  await call("POST /ddns", form({ enable_ipv6: false, domains: ["lost.test", "b.test"] }));
  await moved(first(), "203.0.113.7");
  await pass(20);
  expect(taken).toEqual(["A 203.0.113.7 b.test"]);
  expect(await call("GET /ddns/1/record")).toMatchObject({
    data: [
      { domain: "b.test", state: "published", published: "203.0.113.7" },
      { domain: "lost.test", state: "failed", attempts: 3, error: "SOA record not found for domain: lost.test" },
    ],
  });
});

test("a vanished family is deleted; a provider that cannot keeps it, and that is no failure", async () => {
  await call("POST /ddns", form());
  await moved(first(), "203.0.113.7", "2001:db8::7");
  await moved(first(), "203.0.113.7");
  expect(taken).toHaveLength(2);
  expect(await fates()).toEqual(["a.test ipv4 published 203.0.113.7", "a.test ipv6 kept"]);
  expect(room.lines.some((line) => line.startsWith("a record stays: its provider deletes none"))).toBe(true);
  await moved(first(), "203.0.113.7", "2001:db8::7");
  expect(taken).toHaveLength(3);
});

test("a family that another server published under the same name is left alone", async () => {
  servers.push(server(2));
  await call("POST /ddns", form());
  await moved(servers[1] ?? first(), "", "2001:db8::2");
  await moved(first(), "203.0.113.1");
  expect(await fates()).toEqual(["a.test ipv4 published 203.0.113.1", "a.test ipv6 published 2001:db8::2"]);
  servers.pop();
  await saved(first());
  expect(await fates()).toEqual(["a.test ipv4 published 203.0.113.1", "a.test ipv6 kept"]);
});

test("the newest address wins: what waits is overtaken, what is under way is followed", async () => {
  await call("POST /ddns", form({ enable_ipv6: false }));
  answers = () => 500;
  await moved(first(), "203.0.113.1");
  answers = () => 200;
  await moved(first(), "203.0.113.2");
  expect(taken).toEqual(["A 203.0.113.2 a.test"]);
  answers = () => "hangs";
  await moved(first(), "203.0.113.3");
  answers = () => 200;
  await moved(first(), "203.0.113.4");
  hanging.shift()?.("lost");
  await pass(3);
  expect(taken.at(-1)).toBe("A 203.0.113.4 a.test");
  expect(await fates()).toEqual(["a.test ipv4 published 203.0.113.4"]);
});

test("killed while it was sent: it is sent again after the start", async () => {
  await call("POST /ddns", form({ enable_ipv6: false }));
  answers = () => "hangs";
  await moved(first(), "203.0.113.1");
  const dying = room.outbox.stop();
  hanging.splice(0).forEach((end) => end("lost"));
  await dying;
  answers = () => 200;
  await open();
  await quiet();
  expect(taken).toEqual(["A 203.0.113.1 a.test"]);
  expect(await fates()).toEqual(["a.test ipv4 published 203.0.113.1"]);
});

test("what is not wanted any more when its turn comes is not sent", async () => {
  await call("POST /ddns", form({ enable_ipv6: false }));
  answers = () => 500;
  await moved(first(), "203.0.113.1");
  first().settings.ddnsProfiles = [];
  answers = () => 200;
  await pass(5);
  expect(taken).toEqual([]);
  expect(await fates()).toEqual(["a.test ipv4 cancelled 203.0.113.1"]);
});

test("the hourly round tries again what was given up, and forgets what nobody keeps", async () => {
  await call("POST /ddns", form({ enable_ipv6: false, max_retries: 1 }));
  answers = () => 500;
  await moved(first(), "203.0.113.1");
  expect(await fates()).toEqual(["a.test ipv4 failed 203.0.113.1"]);
  answers = () => 200;
  await room.ddns.round();
  await quiet();
  await room.ddns.round();
  await quiet();
  expect(taken).toEqual(["A 203.0.113.1 a.test"]);
  first().settings.ddnsProfiles = [];
  await room.ddns.round();
  expect(await fates()).toEqual([]);
});

test("what a profile or a server leaves goes with it", async () => {
  servers.push(server(2, { overrideDdnsDomains: { 1: ["b.test"] } }));
  await call("POST /ddns", form({ enable_ipv6: false }));
  answers = () => 500;
  for (const each of servers) await moved(each, `203.0.113.${each.id}`);
  await temporary.database.change((tx, changes) => room.ddns.cascades.servers(tx, [1], changes));
  expect(await fates()).toEqual(["b.test ipv4 waiting 203.0.113.2"]);
  expect((await room.outbox.find({ topic: "ddns", states: ["waiting"] }, 10)).map(({ lane }) => lane)).toEqual(["ddns 1 ipv4 b.test"]);
  await call("POST /batch-delete/ddns", [1]);
  expect(await fates()).toEqual([]);
  expect(await room.outbox.find({ topic: "ddns" }, 10)).toEqual([]);
});

test("a test by hand sends everything again, of servers the caller may manage", async () => {
  servers.push(server(2, { ownerId: 3 }));
  await call("POST /ddns", form({ enable_ipv6: false }));
  expect(await call("POST /ddns/1/test")).toEqual({ error: "no server with a known address uses this profile" });
  await moved(first(), "203.0.113.1");
  expect(await call("POST /ddns/1/test")).toEqual({ data: { records: 1 } });
  await quiet();
  expect(taken).toEqual(["A 203.0.113.1 a.test", "A 203.0.113.1 a.test"]);
  expect(await call("POST /ddns/9/test")).toEqual({ error: "profile id 9 does not exist" });
  expect(await call("GET /ddns/9/record")).toEqual({ error: "profile id 9 does not exist" });
});

test("only an administrator's profile reaches what the configuration opens", async () => {
  await call("POST /ddns", form({ enable_ipv6: false }));
  await moved(first(), "203.0.113.1");
  await temporary.database.change(async (tx, changes) => {
    await tx.updateTable("ddns").set({ user_id: 1 }).execute();
    changes.put("ddns", 1);
  });
  await moved(first(), "203.0.113.2");
  expect(requests.map(({ trusted }) => trusted)).toEqual([false, true]);
});

test("secrets are in the request alone: not in the outbox, the results, the log", async () => {
  await call("POST /ddns", form({ enable_ipv6: false, max_retries: 1 }));
  answers = () => 403;
  await moved(first(), "203.0.113.1");
  expect(JSON.stringify(requests)).toMatch(/the-path.*the-secret/);
  const { kysely } = temporary.database;
  const rows = [
    await kysely.selectFrom("wf_outbox").selectAll().execute(),
    await kysely.selectFrom("wf_ddns_records").selectAll().execute(),
  ];
  const told = JSON.stringify([rows, room.lines, await call("GET /ddns/1/record"), await call("GET /ddns")]);
  expect(told).toContain("403@403");
  expect(told).not.toMatch(/the-path|the-secret|hook\.example/);
});
