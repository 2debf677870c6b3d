import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { encodeHost, encodeState } from "@windfire/protocol";
import { sampleHost } from "@windfire/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { openBench } from "#access/testing";
import type { AccessBench, Browser } from "#access/testing";
import { createFleetBench, testCall, testServer } from "#features/fleet/testing";
import type { FleetBench } from "#features/fleet/testing";
import { createLiveFeed } from "./index.ts";
import type { LiveFeed } from "./index.ts";

/** The live stream over real sockets and real sign-in (spec 11 section 3). */
let fleet: FleetBench;
let bench: AccessBench;
let feed: LiveFeed;
let admin: Browser;
let alice: Browser;
let streams = 0;
const open = new Set<WebSocket>();

interface Frame {
  readonly now: number;
  readonly online: number;
  readonly servers?: readonly {
    readonly condition: string;
    readonly id: number;
    readonly name?: string;
    readonly public_note?: string;
    readonly host: { readonly version?: string; readonly platform_version?: string };
  }[];
}

let revision = 0;

beforeEach(async () => {
  fleet = createFleetBench([
    testServer({ id: 1, ownerId: 2, publicNote: "for all", note: "for the owner" }),
    testServer({ id: 2, ownerId: 2, hideForGuest: true }),
    testServer({ id: 3, ownerId: 3, hideForGuest: true }),
    testServer({ id: 4, ownerId: 3, displayIndex: 9 }),
  ]);
  for (const server of fleet.servers.list()) await fleet.fleet.reportSystemInfo(server, encodeHost(sampleHost()));
  bench = await openBench({
    room: ({ access, clock, errors }) => {
      feed = createLiveFeed({
        clock,
        servers: () => fleet.servers.list(),
        conditions: { members: ({ id }) => [`"condition":"${id === 1 ? "up" : "waiting"}"`] },
        online: access.online,
        connections: access.liveConnections,
        maxMessage: 4096,
        classes: { total: 6, tokensPerUser: 2 },
        revision: () => revision,
        newName: () => (++streams).toString(16),
        onError: (error) => errors.push(error),
      });
      return feed;
    },
    deps: { ownerOfServer: (id) => fleet.servers.get(id)?.settings.ownerId },
  });
  feed.start();
  admin = await bench.admin();
  for (const username of ["alice", "bob"]) await admin.post("/user", { username, password: "member-password", role: 1 });
  alice = await bench.browser().signIn("alice", "member-password");
});
afterEach(async () => {
  feed.stop();
  for (const socket of open) socket.terminate();
  open.clear();
  await bench.close();
});

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** A viewer with the frames it has read, one at a time. */
function view(headers: Record<string, string> = {}, query = "") {
  const socket = new WebSocket(`${bench.base.replace("http", "ws")}/api/v1/ws/server${query}`, { headers });
  open.add(socket);
  const frames: string[] = [];
  const waiting: ((frame: string) => void)[] = [];
  socket.on("message", (data: Buffer) => {
    const taker = waiting.shift();
    if (taker) taker(data.toString());
    else frames.push(data.toString());
  });
  const text = async (): Promise<string> => frames.shift() ?? new Promise((resolve) => void waiting.push(resolve));
  return { socket, frames, text, frame: async () => JSON.parse(await text()) as Frame };
}

const beat = (): void => bench.clock.advance(2000);
const idsOf = ({ servers = [] }: Frame): number[] => servers.map(({ id }) => id);
const fullOf = ({ servers = [] }: Frame): number[] =>
  servers.filter(({ host }) => host.version !== undefined && host.platform_version !== undefined).map(({ id }) => id);

/** GHSA-hvv7-hfrh-7gxj: one rule for stream, lists and history; here per class of viewers. */
describe("GHSA-hvv7-hfrh-7gxj: who sees which servers, and which in full", () => {
  const token = async (who: Browser, serverIds: number[]): Promise<Record<string, string>> => {
    const { data } = await who.post("/api-tokens", { name: "t", scopes: ["nezha:inventory:read"], server_ids: serverIds });
    return bearer((data as { token: string }).token);
  };
  test.each([
    ["a guest", async () => ({}), [4, 1], []],
    ["a member", async () => bearer(alice.token), [4, 1, 2], [1, 2]],
    ["an administrator", async () => bearer(admin.token), [4, 1, 2, 3], [4, 1, 2, 3]],
    ["a member's token", async () => token(alice, []), [4, 1, 2], [1, 2]],
    ["a member's token with a server list", async () => token(alice, [2]), [2], [2]],
    ["an administrator's token with a server list", async () => token(admin, [3, 4]), [4, 3], [4, 3]],
  ])("%s", async (_who, credentials, visible, full) => {
    const viewer = view(await credentials());
    const first = await viewer.frame();
    beat();
    const second = await viewer.frame();
    for (const frame of [first, second]) {
      expect(idsOf(frame)).toEqual(visible);
      expect(fullOf(frame)).toEqual(full);
    }
  });

  test("what each server is like now is in every frame", async () => {
    const viewer = view({});
    const first = await viewer.frame();
    beat();
    for (const { servers } of [first, await viewer.frame()])
      expect(servers?.map(({ id, condition }) => [id, condition])).toEqual([
        [4, "waiting"],
        [1, "up"],
      ]);
  });

  test("nothing private is in any frame", async () => {
    const text = await view(bearer(admin.token)).text();
    for (const secret of ["for the owner", "uuid", "geoip", "ipv4", "owner"]) expect(text).not.toContain(secret);
  });

  test("who comes after a server was hidden never gets it, without waiting for a beat", async () => {
    const [page, early] = [feed.guestSnapshot(), view({}, "?delta=")];
    expect(idsOf(JSON.parse(page) as Frame)).toEqual([4, 1]);
    expect(idsOf(await early.frame())).toEqual([4, 1]);
    fleet.servers.put(testServer({ id: 1, ownerId: 3, hideForGuest: true }));
    revision++;
    expect(idsOf(JSON.parse(feed.guestSnapshot()) as Frame)).toEqual([4]);
    expect(idsOf(await view({}, "?delta=").frame())).toEqual([4]);
    expect(idsOf(await view().frame())).toEqual([4]);
    beat();
    expect((JSON.parse(await early.text()) as { ids: number[] }).ids).toEqual([4]);
  });

  test("hiding, moving and deleting a server show in the next frame", async () => {
    const [guest, member] = [view(), view(bearer(alice.token))];
    await Promise.all([guest.frame(), member.frame()]);
    fleet.servers.put(testServer({ id: 1, ownerId: 3, hideForGuest: true }));
    fleet.servers.remove([4]);
    beat();
    expect([idsOf(await guest.frame()), idsOf(await member.frame())]).toEqual([[], [2]]);
  });

  test("tokens of one user and classes in all are bounded; another viewer of a class is not", async () => {
    const refused = async (headers: Record<string, string>): Promise<string> => {
      const answer = await fetch(`${bench.base}/api/v1/ws/server`, { headers });
      return answer.text();
    };
    const tokens = [
      await token(alice, []),
      await token(alice, [1]),
      await token(alice, [2]),
      await token(admin, []),
      await token(admin, [1]),
    ];
    const shown = async (headers: Record<string, string>) => {
      const viewer = view(headers);
      await viewer.frame();
      return viewer;
    };
    const first = await shown(tokens[0] ?? {});
    await shown(tokens[1] ?? {});
    expect(await refused(tokens[2] ?? {})).toContain("too many live streams of your tokens");
    await shown(tokens[0] ?? {});
    for (const headers of [tokens[3], tokens[4], bearer(alice.token), bearer(admin.token)]) await shown(headers ?? {});
    expect(await refused({})).toContain("too many live streams");
    await shown(bearer(admin.token));
    first.socket.terminate();
  });

  test("a token without the scope does not get in, nor a foreign page", async () => {
    const { data } = await alice.post("/api-tokens", { name: "t", scopes: ["nezha:transfer:read"] });
    const refusedWith = async (headers: Record<string, string>): Promise<number> => {
      const { socket } = view(headers);
      socket.on("error", () => undefined);
      const [, response] = (await once(socket, "unexpected-response")) as [unknown, { statusCode: number }];
      return response.statusCode;
    };
    expect(await refusedWith(bearer((data as { token: string }).token))).toBe(403);
    expect(await refusedWith({ origin: "https://evil.example.com" })).toBe(403);
  });
});

test("only the first frame carries the public notes; empty members are left out", async () => {
  const viewer = view();
  const first = await viewer.frame();
  expect(first.now).toBe(bench.clock.now());
  expect(first.servers?.find(({ id }) => id === 1)?.public_note).toBe("for all");
  beat();
  expect(await viewer.text()).not.toContain("public_note");
  fleet.servers.remove([1, 4]);
  beat();
  expect(await viewer.frame()).toEqual({ now: bench.clock.now(), online: 1 });
});

test("a server that reports and leaves shows in the next frames", async () => {
  const viewer = view();
  await viewer.frame();
  const call = testCall();
  const server = fleet.servers.get(1);
  if (!server) throw new Error("no server");
  fleet.fleet.reportSystemState(server, call.stream);
  call.say(encodeState({ cpu: 12.5 }));
  beat();
  expect(await viewer.text()).toContain('"state":{"cpu":12.5}');
  call.leave();
  beat();
  expect(await viewer.text()).toContain('"last_active":"0001-01-01T00:00:00Z"');
});

test("viewers are counted as online users, guests included, for as long as they are there", async () => {
  const [guest, member] = [view(), view(bearer(alice.token))];
  await Promise.all([guest.frame(), member.frame()]);
  beat();
  expect((await guest.frame()).online).toBe(2);
  const users = (await admin.get("/online-user")).data as { value: { user_id?: number }[] };
  expect(users.value.map((user) => user.user_id ?? 0)).toEqual(expect.arrayContaining([0, 2]));
  member.socket.close();
  await once(member.socket, "close");
  while (bench.access.online.count > 1) await setImmediate();
  beat();
  expect((await guest.frame()).online).toBe(1);
});

test("a ping follows every fourth frame", async () => {
  const viewer = view();
  await viewer.frame();
  let pings = 0;
  viewer.socket.on("ping", () => pings++);
  for (let count = 0; count < 7; count++) {
    beat();
    await viewer.frame();
  }
  const pong = once(viewer.socket, "pong");
  viewer.socket.ping();
  await pong;
  expect(pings).toBe(2);
});

test("the last of a class may leave while another of it arrives: the newcomer gets its frames", async () => {
  for (let round = 0; round < 5; round++) {
    const leaving = view();
    const arriving = view();
    leaving.socket.on("open", () => leaving.socket.terminate());
    await arriving.frame();
    const third = view();
    await third.frame();
    beat();
    expect(idsOf(await arriving.frame())).toEqual([4, 1]);
    expect(idsOf(await third.frame())).toEqual([4, 1]);
    arriving.socket.terminate();
    third.socket.terminate();
  }
});

describe("a snapshot and then what changed, for those who ask for it", () => {
  test("each sees what it may, hiding takes a server away, and those who do not ask get whole frames as ever", async () => {
    const [guest, member, plain] = [view({}, "?delta="), view(bearer(alice.token), "?delta="), view()];
    const snapshots = [await guest.frame(), await member.frame()];
    expect(snapshots.map(idsOf)).toEqual([
      [4, 1],
      [4, 1, 2],
    ]);
    expect(snapshots.map(fullOf)).toEqual([[], [1, 2]]);
    await plain.frame();
    fleet.servers.put(testServer({ id: 1, ownerId: 3, hideForGuest: true }));
    beat();
    expect(await guest.frame()).toEqual({ now: bench.clock.now(), online: 3, seq: 2, ids: [4] });
    expect(await member.frame()).toMatchObject({ seq: 2, ids: [4, 2] });
    const whole = await plain.text();
    expect(whole).not.toContain("seq");
    expect(idsOf(JSON.parse(whole) as Frame)).toEqual([4]);
  });

  test("a page's script goes on where the page ended; from anywhere else it begins anew", async () => {
    const page = JSON.parse(feed.guestSnapshot()) as Frame & { stream: string; seq: number };
    expect(idsOf(page)).toEqual([4, 1]);
    beat();
    const [script, stranger, member] = [
      view({}, `?delta=${page.stream}.${page.seq}`),
      view({}, `?delta=beef.${page.seq}`),
      view(bearer(alice.token), `?delta=${page.stream}.${page.seq}`),
    ];
    expect(await script.frame()).toEqual({ now: bench.clock.now(), seq: page.seq + 1 });
    expect(await stranger.frame()).toMatchObject({ stream: page.stream, seq: page.seq + 1 });
    expect(idsOf(await member.frame())).toEqual([4, 1, 2]);
  });

  test("the stream of a page ends half a minute after it, unless somebody joined", async () => {
    const streamNow = () => (JSON.parse(feed.guestSnapshot()) as { stream: string }).stream;
    const beats = async (count: number): Promise<void> => {
      for (let done = 0; done < count; done++) {
        beat();
        await setImmediate();
      }
    };
    const first = streamNow();
    await beats(14);
    expect(streamNow()).toBe(first);
    await beats(16);
    const second = streamNow();
    expect(second).not.toBe(first);
    const viewer = view({}, "?delta=");
    await viewer.frame();
    await beats(16);
    await viewer.frame();
    expect(streamNow()).toBe(second);
  });

  test("a position that is none is refused, and the field is named", async () => {
    const answer = await fetch(`${bench.base}/api/v1/ws/server?delta=nonsense`);
    expect(await answer.text()).toContain("delta");
  });
});

test("a clock that is set back or forward neither serves old first frames nor cuts anybody", async () => {
  const before = view();
  await before.frame();
  bench.clock.jump(-3_600_000);
  bench.clock.advance(600);
  fleet.servers.put(testServer({ id: 1, ownerId: 2, name: "renamed" }));
  expect((await view().frame()).servers?.find(({ id }) => id === 1)?.name).toBe("renamed");
  bench.clock.jump(48 * 3_600_000);
  beat();
  expect(idsOf(await before.frame())).toEqual([4, 1]);
});

test("what a viewer sends is ignored, up to 4 KiB; more closes its socket and nobody else's", async () => {
  const [loud, quiet] = [view(), view()];
  await Promise.all([loud.frame(), quiet.frame()]);
  loud.socket.send("x".repeat(4096));
  beat();
  await loud.frame();
  loud.socket.send("x".repeat(4097));
  expect(((await once(loud.socket, "close")) as [number])[0]).toBe(1009);
  beat();
  await quiet.frame();
  beat();
  expect(idsOf(await quiet.frame())).toEqual([4, 1]);
  expect(bench.errors).toEqual([]);
});

test("signing out and blocking close the sockets with 1008, and no frame comes after the close", async () => {
  const member = view(bearer(alice.token));
  await member.frame();
  const closed = once(member.socket, "close");
  await alice.post("/logout");
  beat();
  expect(((await closed) as [number])[0]).toBe(1008);
  expect(member.frames).toEqual([]);
});
