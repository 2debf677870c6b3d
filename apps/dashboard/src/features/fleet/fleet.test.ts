import {
  decodeGeoIP,
  decodeReceipt,
  decodeTask,
  decodeUint64Receipt,
  encodeGeoIP,
  encodeHost,
  encodeState,
  encodeTaskResult,
  TASK,
  WireError,
} from "@windfire/protocol";
import type { Host } from "@windfire/protocol";
import { sampleHost, sampleState } from "@windfire/testkit";
import { expect, test, vi } from "vitest";
import type { LiveServer } from "#features/servers";
import type { Traffic } from "#features/traffic";
import { createFleetBench, testCall, testServer } from "./testing/index.ts";
import type { FleetBench } from "./testing/index.ts";
import type { FleetDeps } from "./index.ts";

const BOOT = 1_766_000_000;

function open(deps: Partial<FleetDeps> = {}): { bench: FleetBench; server: LiveServer } {
  const bench = createFleetBench([testServer({ id: 1 }), testServer({ id: 2 })], deps);
  const server = bench.servers.get(1);
  if (!server) throw new Error("no server");
  return { bench, server };
}

const host = (change: Partial<Host> = {}): Uint8Array => encodeHost({ ...sampleHost(), bootTime: BOOT, ...change });
const call = { ip: "198.51.100.7", peer: "127.0.0.1", secret: "", uuid: "" };
const geo = (ip: { ipv4?: string; ipv6?: string }, use6 = false): Uint8Array =>
  encodeGeoIP({ use6, ip: { ipv4: ip.ipv4 ?? "", ipv6: ip.ipv6 ?? "" } });

test("a host report is kept and answered with a receipt, or with the time this process started", async () => {
  const { bench, server } = open();
  expect(decodeReceipt(await bench.fleet.reportSystemInfo(server, host()))).toMatchObject({ proced: true });
  expect(decodeUint64Receipt(await bench.fleet.reportSystemInfo2(server, host()))).toMatchObject({ data: 1_767_225_600 });
  expect(server.host).toMatchObject({ platform: "debian", bootTime: BOOT });
});

test("a stale host report succeeds and changes nothing", async () => {
  const { bench, server } = open();
  await bench.fleet.reportSystemInfo(server, host());
  await bench.fleet.reportSystemInfo(server, host({ bootTime: BOOT - 1000, platform: "old" }));
  expect(server.host?.platform).toBe("debian");
});

/** Spec 20 section 7: what moved before a restart is written once, on the restart alone. */
test("traffic of a host that restarted is written before its counters begin anew; the first report writes none", async () => {
  const saved: Traffic[] = [];
  const restarted = vi.fn<(serverId: number) => void>();
  const { bench, server } = open({
    bookTraffic: async ({ traffic }) => {
      saved.push(traffic.unbooked);
      traffic.booked(traffic.unbooked);
    },
    onRestart: restarted,
  });
  const states = testCall();
  bench.fleet.reportSystemState(server, states.stream);
  states.say(encodeState({ ...sampleState(0), netInTransfer: 1000, netOutTransfer: 500 }));
  states.say(encodeState({ ...sampleState(1), netInTransfer: 1600, netOutTransfer: 700 }));
  await bench.fleet.reportSystemInfo(server, host());
  expect(saved).toEqual([]);
  await bench.fleet.reportSystemInfo(server, host({ bootTime: BOOT + 5000 }));
  expect(saved).toEqual([{ in: 600, out: 200 }]);
  expect(restarted).toHaveBeenCalledWith(1);
  expect(server.lastActive).toBe(0);
  expect(server.traffic.unbooked).toEqual({ in: 0, out: 0 });
});

test("two reports of one restart book its traffic once, and the later one forgets nothing that came between", async () => {
  const bookings: PromiseWithResolvers<void>[] = [];
  const restarted = vi.fn<(serverId: number) => void>();
  const bookTraffic = (): Promise<void> => {
    const booking = Promise.withResolvers<void>();
    bookings.push(booking);
    return booking.promise;
  };
  const { bench, server } = open({ bookTraffic, onRestart: restarted });
  await bench.fleet.reportSystemInfo(server, host());
  const reports = [1, 2].map(() => bench.fleet.reportSystemInfo(server, host({ bootTime: BOOT + 5000 })));
  bookings[0]?.resolve();
  await reports[0];
  const states = testCall();
  bench.fleet.reportSystemState(server, states.stream);
  states.say(encodeState({ netInTransfer: 10 }));
  bookings[1]?.resolve();
  await reports[1];
  expect(server.state?.netInTransfer).toBe(10);
  expect(restarted).toHaveBeenCalledTimes(1);
});

test("restarts that come faster than any host starts are no rows of traffic; none of it is lost", async () => {
  let rows = 0;
  const { bench, server } = open({
    bookTraffic: async ({ traffic }) => {
      rows++;
      traffic.booked(traffic.unbooked);
    },
  });
  const states = testCall();
  bench.fleet.reportSystemState(server, states.stream);
  await bench.fleet.reportSystemInfo(server, host());
  for (let start = 1; start <= 50; start++) {
    states.say(encodeState({ netInTransfer: 0 }));
    states.say(encodeState({ netInTransfer: 10 }));
    await bench.fleet.reportSystemInfo(server, host({ bootTime: BOOT + 10 * start }));
  }
  expect([rows, server.traffic.unbooked.in, server.host?.bootTime]).toEqual([10, 400, BOOT + 500]);
});

test("a restart whose traffic cannot be written fails and changes nothing", async () => {
  const { bench, server } = open({ bookTraffic: () => Promise.reject(new Error("disk full")) });
  const states = testCall();
  bench.fleet.reportSystemState(server, states.stream);
  await bench.fleet.reportSystemInfo(server, host());
  states.say(encodeState({ netInTransfer: 1000, netOutTransfer: 500 }));
  states.say(encodeState({ netInTransfer: 1600, netOutTransfer: 700 }));
  await expect(bench.fleet.reportSystemInfo(server, host({ bootTime: BOOT + 5000 }))).rejects.toThrow("disk full");
  expect(server.host?.bootTime).toBe(BOOT);
  expect(server.traffic.unbooked).toEqual({ in: 600, out: 200 });
});

test("states are applied, recorded and receipted one by one; the end of the stream makes the server offline", () => {
  const recorded: number[] = [];
  const { bench, server } = open({ record: (_id, _at, values) => void recorded.push(values[0] ?? 0) });
  const states = testCall();
  bench.fleet.reportSystemState(server, states.stream);
  states.say(encodeState({ cpu: 12 }));
  states.say(encodeState({ cpu: 13 }));
  expect(recorded).toEqual([12, 13]);
  expect(states.received.items.map((bytes) => decodeReceipt(bytes).proced)).toEqual([true, true]);
  expect(server.lastActive).toBe(bench.clock.now());
  states.leave();
  expect(server.lastActive).toBe(0);
});

test("a second state stream takes over; the first ends, is counted, and changes nothing any more", async () => {
  const { bench, server } = open();
  const [first, second] = [testCall(), testCall()];
  bench.fleet.reportSystemState(server, first.stream);
  bench.fleet.reportSystemState(server, second.stream);
  expect(await first.ended).toEqual({ code: 2, text: "state stream superseded" });
  expect(bench.fleet.counters.superseded).toBe(1);
  second.say(encodeState({ cpu: 1 }));
  first.leave();
  first.say(encodeState({ cpu: 99 }));
  expect(server.state?.cpu).toBe(1);
  expect(server.lastActive).not.toBe(0);
});

/** Spec 20 section 5.4: what is stored, and which address the country is looked up for. */
test.each([
  ["v4", geo({ ipv4: "203.0.113.9" }), "203.0.113.9", "203.0.113.9"],
  ["both", geo({ ipv4: "203.0.113.9", ipv6: "2001:db8::1" }), "203.0.113.9/2001:db8::1", "203.0.113.9"],
  ["both, v6 wanted", geo({ ipv4: "203.0.113.9", ipv6: "2001:db8::1" }, true), "203.0.113.9/2001:db8::1", "2001:db8::1"],
  ["v6 alone", geo({ ipv6: "2001:db8::1" }), "2001:db8::1", "2001:db8::1"],
  ["none: where the call came from", geo({}), "198.51.100.7", "198.51.100.7"],
  ["no address at all", geo({ ipv4: "<script>" }), "198.51.100.7", "198.51.100.7"],
])("address report with %s", async (_what, message, stored, lookedUp) => {
  const looked: string[] = [];
  const changes: string[] = [];
  const countryOf = async (ip: string): Promise<string> => {
    looked.push(ip);
    return "jp";
  };
  const { bench, server } = open({ countryOf, onAddress: (_id, previous, current) => void changes.push(`${previous} => ${current}`) });
  const answer = decodeGeoIP(await bench.fleet.reportGeoIp(server, call, message));
  await bench.fleet.reportGeoIp(server, call, message);
  expect(answer).toMatchObject({ countryCode: "jp", dashboardBootTime: 1_767_225_600 });
  expect(changes).toEqual([` => ${stored}`]);
  expect(looked).toEqual([lookedUp, lookedUp]);
  expect(server.address.countryCode).toBe("jp");
});

test("a server that is deleted while its report is worked on has neither moved nor restarted", async () => {
  const told: string[] = [];
  const gone = async (): Promise<void> => bench.servers.remove([1]);
  const { bench, server } = open({
    countryOf: async () => {
      await gone();
      return "jp";
    },
    bookTraffic: gone,
    onAddress: (id) => void told.push(`moved ${id}`),
    onRestart: (id) => void told.push(`restarted ${id}`),
  });
  await bench.fleet.reportSystemInfo(server, host());
  await bench.fleet.reportSystemInfo(server, host({ bootTime: BOOT + 1000 }));
  const other = bench.servers.put(server.settings);
  await bench.fleet.reportGeoIp(other, call, geo({ ipv4: "203.0.113.9" }));
  expect(told).toEqual([]);
});

test("addresses that change faster than an agent looks for them are not taken, of this server alone", async () => {
  const changes: string[] = [];
  const { bench, server } = open({ onAddress: (id, _previous, current) => void changes.push(`${id} ${current}`) });
  const other = bench.servers.get(2) ?? expect.fail();
  const move = async (to: number, of = server): Promise<void> =>
    void (await bench.fleet.reportGeoIp(of, call, geo({ ipv4: `203.0.113.${to}` })));
  for (let to = 1; to <= 200; to++) await move(to);
  expect([changes.length, server.address.ipv4]).toEqual([10, "203.0.113.10"]);
  await move(1, other);
  expect(changes.at(-1)).toBe("2 203.0.113.1");
  bench.clock.advance(30_000);
  for (let to = 201; to <= 210; to++) await move(to);
  expect(changes.slice(11)).toEqual(["1 203.0.113.201"]);
});

test("the same address in another spelling is no change", async () => {
  const changes: string[] = [];
  const { bench, server } = open({ onAddress: (_id, _previous, current) => void changes.push(current) });
  for (const ipv6 of ["2001:db8::1", "2001:DB8:0:0::1", "2001:0db8::0001%eth0"])
    await bench.fleet.reportGeoIp(server, call, geo({ ipv4: "203.0.113.9", ipv6 }));
  for (const ipv4 of ["::ffff:203.0.113.9", "203.0.113.9"]) await bench.fleet.reportGeoIp(server, call, geo({ ipv4, ipv6: "2001:db8::1" }));
  expect(changes).toEqual(["203.0.113.9/2001:db8::1"]);
});

test("tasks go to the newest task stream of a server; an older one ends without waiting for it to say something", async () => {
  const results = vi.fn<() => void>();
  const online = vi.fn<(serverId: number) => void>();
  const offline = vi.fn<(serverId: number) => void>();
  const { bench } = open({ onOnline: online, onOffline: offline });
  bench.fleet.onResult(TASK.command, results);
  const old = bench.connect(1);
  const current = bench.connect(1);
  expect(await old.call.ended).toEqual({ code: 2, text: "request task stream superseded" });
  expect(bench.fleet.counters.superseded).toBe(1);
  old.call.leave();
  expect(await bench.fleet.agents.dispatch(1, { id: 5, type: TASK.command, data: "true" })).toBe("sent");
  expect(await current.task()).toMatchObject({ id: 5, type: TASK.command, data: "true" });
  expect(old.call.received.items).toEqual([]);
  current.answer({ id: 5, type: TASK.command, successful: true });
  old.answer({ id: 5, type: TASK.command, successful: true });
  expect(results).toHaveBeenCalledTimes(1);
  expect(await bench.fleet.agents.where(1)).toBe("here");
  expect(offline).not.toHaveBeenCalled();
  current.call.leave();
  expect(await bench.fleet.agents.where(1)).toBe("offline");
  expect([online.mock.calls, offline.mock.calls]).toEqual([[[1], [1]], [[1]]]);
});

test("results of types nobody takes are ignored; two takers of one type are a fault", async () => {
  const { bench } = open();
  const agent = bench.connect(1);
  agent.answer({ id: 1, type: 4711, successful: true });
  expect(await bench.fleet.agents.where(1)).toBe("here");
  bench.fleet.onResult(TASK.command, () => undefined);
  expect(() => bench.fleet.onResult(TASK.command, () => undefined)).toThrow("taker already");
});

test("every agent hears from the dashboard every 20 s; one that does not read delays nobody", () => {
  const { bench } = open();
  const [slow, quick] = [bench.connect(1), bench.connect(2)];
  slow.call.behave({ outcome: "full" });
  bench.fleet.start();
  bench.clock.advance(60_000);
  bench.fleet.stop();
  expect(quick.call.received.items.map((bytes) => decodeTask(bytes).type)).toEqual([TASK.keepalive, TASK.keepalive, TASK.keepalive]);
  expect(bench.clock.pending).toBe(0);
});

test("a deleted server's agent loses its task stream and its relay streams", async () => {
  const { bench } = open();
  const agent = bench.connect(1);
  const stream = bench.streams.create({ purpose: "terminal", creatorId: 1, serverId: 1 });
  if ("refused" in stream) throw new Error(stream.refused);
  const io = bench.openIo(1, stream.id);
  bench.servers.remove([1]);
  expect(await agent.call.ended).toMatchObject({ code: 0 });
  expect(await io.call.ended).toMatchObject({ code: 0 });
  expect(bench.streams.size).toBe(0);
});

test.each([
  ["a host", (bench: FleetBench, server: LiveServer) => bench.fleet.reportSystemInfo(server, Buffer.from([0xff, 0xff]))],
  ["an address", (bench: FleetBench, server: LiveServer) => bench.fleet.reportGeoIp(server, call, Buffer.from([0x0a, 0x7f]))],
])("%s that is no protobuf is refused as such and changes nothing", async (_what, report) => {
  const { bench, server } = open();
  await expect(report(bench, server)).rejects.toThrow(WireError);
  expect(server.host).toBeUndefined();
});

test("a task result that is no protobuf is refused as such", () => {
  const { bench } = open();
  const agent = bench.connect(1);
  expect(() => agent.call.say(Buffer.from([0xff]))).toThrow(WireError);
  expect(() => agent.call.say(encodeTaskResult({ id: 1, type: 4711 }))).not.toThrow();
});

test("a stream that floods is ended; what it said before counts", async () => {
  const { bench, server } = open();
  const states = testCall();
  bench.fleet.reportSystemState(server, states.stream);
  for (let tenth = 0; tenth < 3; tenth++) {
    for (let index = 0; index < 1_000; index++) states.say(encodeState({ cpu: index }));
    bench.clock.advance(100);
  }
  expect(states.stream.send(new Uint8Array(0))).toBe("sent");
  for (let index = 0; index < 1_001; index++) states.say(encodeState({ cpu: 5 }));
  expect(await states.ended).toEqual({ code: 8, text: "too many states" });
  const tasks = testCall();
  bench.fleet.requestTask(server, tasks.stream);
  for (let index = 0; index < 5_001; index++) tasks.say(encodeTaskResult({ type: TASK.keepalive }));
  expect(await tasks.ended).toEqual({ code: 8, text: "too many results" });
  expect(server.state?.cpu).toBe(5);
});

test("a result whose handler fails is reported; the stream and its other results go on", async () => {
  const errors: unknown[] = [];
  const { bench, server } = open({ onError: (error) => errors.push(error) });
  const taken: number[] = [];
  bench.fleet.onResult(TASK.command, (_serverId, { id }) => {
    if (id === 1) throw new Error("cannot");
    taken.push(id);
  });
  const tasks = testCall();
  bench.fleet.requestTask(server, tasks.stream);
  for (const id of [1, 2]) tasks.say(encodeTaskResult({ id, type: TASK.command }));
  expect([errors, taken, await bench.fleet.agents.where(1)]).toEqual([[new Error("cannot")], [2], "here"]);
});
