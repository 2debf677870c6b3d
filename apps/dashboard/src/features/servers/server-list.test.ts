import fc from "fast-check";
import { expect, test } from "vitest";
import { createConditions } from "./conditions.ts";
import { LiveServer } from "./live-server.ts";
import { createServerJson } from "./server-json.ts";
import { createServerList } from "./server-list.ts";
import { hostWith, stateWith, testSettings } from "./testing/samples.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const SERVERS = 4;

/** Servers, the clocks, and what others know: everything that a list is made of. */
function createWorld() {
  const world = {
    now: START,
    monotonic: 0,
    names: new Map([[1, "admin"]]),
    seen: new Map<number, number>(),
    servers: Array.from({ length: SERVERS }, (_, index) => new LiveServer({ ...testSettings, id: index + 1, uuid: `u${index}` })),
  };
  const streams = world.servers.map((server) => server.openStream());
  const makeList = (mostBytes?: number) => {
    let begun = false;
    const conditions = createConditions({
      now: () => world.now,
      // Also one that is made later began when the others did.
      monotonic: () => (begun ? world.monotonic : ((begun = true), 0)),
      lastSeen: (id) => world.seen.get(id),
    });
    return createServerList(
      createServerJson((id) => world.names.get(id), conditions),
      () => world.monotonic,
      mostBytes,
    );
  };
  const report = (index: number, over: Parameters<typeof stateWith>[0]) => {
    streams[index] = world.servers[index]?.openStream() ?? 0;
    world.servers[index]?.applyState(streams[index] ?? 0, stateWith(over), world.now);
  };
  return { world, makeList, report, leave: (index: number) => world.servers[index]?.closeStream(streams[index] ?? 0) };
}

type World = ReturnType<typeof createWorld>;
type Change = (bench: World) => void;

const server = fc.nat({ max: SERVERS - 1 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(server, fc.constantFrom(1, 86, 96)).map(
    ([at, cpu]): Change =>
      ({ report }) =>
        report(at, { cpu }),
  ),
  server.map(
    (at): Change =>
      ({ leave }) =>
        leave(at),
  ),
  server.map(
    (at): Change =>
      ({ world }) =>
        world.servers[at]?.applyHost(hostWith({ bootTime: START / 1000 + world.monotonic }), "restarted"),
  ),
  server.map(
    (at): Change =>
      ({ world }) =>
        world.servers[at]?.applyAddress({ ipv4: `203.0.113.${at}`, ipv6: "", countryCode: "jp" }),
  ),
  fc
    .tuple(server, fc.record({ name: fc.string(), hideForGuest: fc.boolean(), ownerId: fc.nat({ max: 2 }), displayIndex: fc.nat() }))
    .map(([at, settings]): Change => ({ world }) => {
      const known = world.servers[at];
      known?.replaceSettings({ ...known.settings, ...settings });
    }),
  fc.string().map(
    (name): Change =>
      ({ world }) =>
        void world.names.set(1, name),
  ),
  fc.constant<Change>(({ world }) => void world.names.delete(1)),
  fc.tuple(server, fc.nat({ max: 100_000 })).map(
    ([at, ago]): Change =>
      ({ world }) =>
        void world.seen.set(at + 1, world.now - ago),
  ),
  fc.constantFrom(1, 3_000, 29_999, 30_001, 61_000).map((ms): Change => ({ world }) => {
    world.now += ms;
    world.monotonic += ms;
  }),
  // The host's clock is set.
  fc.integer({ min: -100_000, max: 100_000 }).map(
    (ms): Change =>
      ({ world }) =>
        void (world.now += ms),
  ),
);
/** What somebody sees: any servers in any order. */
const asked = fc.shuffledSubarray(Array.from({ length: SERVERS }, (_, index) => index));
const textOf = (answer: { enveloped(): Buffer }): string => String(answer.enveloped());

test("a list that is kept is the one that would be made now, after any changes and whoever asks", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(change, asked), { minLength: 1, maxLength: 60 }), (steps) => {
      const bench = createWorld();
      const list = bench.makeList();
      for (const step of steps) {
        if (typeof step === "function") step(bench);
        for (const seen of typeof step === "function" ? [[0, 1, 2, 3], [2]] : [step]) {
          const servers = seen.flatMap((at) => bench.world.servers[at] ?? []);
          expect(textOf(list.of(servers))).toBe(textOf(bench.makeList().of(servers)));
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("nothing is made anew while nothing changes", () => {
  const { world, makeList, report } = createWorld();
  const list = makeList();
  report(0, { cpu: 1 });
  const [all, one] = [list.of(world.servers), list.of(world.servers.slice(2, 3))];
  world.now += 1;
  expect([list.of([...world.servers]), list.of(world.servers.slice(2, 3))]).toEqual([all, one]);
  expect(list.of(world.servers)).toBe(all);
  report(0, { cpu: 2 });
  expect(list.of(world.servers)).not.toBe(all);
  expect(list.of(world.servers.slice(2, 3))).toBe(one);
});

test("who asked before a list was made gets that one, whatever changed since; who asked later, or for other servers, does not", () => {
  const { world, makeList, report } = createWorld();
  const list = makeList();
  const ask = (at: number, askedMsAgo: number) => {
    world.monotonic = at;
    return list.of(world.servers, askedMsAgo);
  };
  const first = ask(10, 0);
  report(0, { cpu: 1 });
  expect(ask(15, 6)).toBe(first);
  const second = ask(15, 5);
  expect(second).not.toBe(first);
  report(0, { cpu: 2 });
  expect(ask(20, 6)).toBe(second);
  expect(textOf(list.of(world.servers.slice(0, 1), 6))).toBe(textOf(makeList().of(world.servers.slice(0, 1))));
  expect(textOf(ask(20, 4))).toBe(textOf(makeList().of(world.servers)));
});

test("no servers are an empty list", () => {
  expect(textOf(createWorld().makeList().of([]))).toBe('{"success":true,"data":[]}');
});

test("what is kept is bounded in bytes: what was asked for last stays, and what is too large alone is not kept", () => {
  const { world, makeList } = createWorld();
  const [first, second] = world.servers;
  if (!first || !second) throw new Error("there are servers");
  const bytes = makeList().of([first]).enveloped().length;
  const list = makeList(2 * bytes + 10);
  const [ofFirst, ofSecond] = [list.of([first]), list.of([second])];
  expect(list.keptBytes).toBe(2 * bytes);
  list.of([first]);
  list.of([world.servers[2] ?? first]);
  expect(list.keptBytes).toBeLessThanOrEqual(2 * bytes + 10);
  expect(list.of([first])).toBe(ofFirst);
  expect(list.of([second])).not.toBe(ofSecond);
  list.of(world.servers);
  expect(list.keptBytes).toBe(0);
});

test("what is kept is bounded in number, since each of them is looked at: small lists push out those asked for long ago", () => {
  const { world, makeList } = createWorld();
  const list = makeList();
  const first = list.of(world.servers);
  const ask = (from: number, to: number): void => {
    for (let length = from; length < to; length++)
      list.of(Array.from({ length }, () => world.servers[0]).filter((one) => one !== undefined));
  };
  ask(10, 41);
  expect(list.of(world.servers)).toBe(first);
  ask(50, 82);
  expect(list.of(world.servers)).not.toBe(first);
});
