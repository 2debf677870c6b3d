import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { beforeEach, expect, test } from "vitest";
import { createScheduler } from "#platform/scheduler";
import type { Service } from "./model.ts";
import { createProbing } from "./probing.ts";
import type { Probing } from "./probing.ts";

const service = (id: number, duration = 30): Service =>
  ({ id, duration, type: 3, target: "x:1", cover: 0, skipServers: null, options: {} }) as Partial<Service> as Service;

let clock: FakeClock;
let services: Map<number, Service>;
let servers: number[];
let sent: [second: number, service: number, server: number][];
let probing: Probing;

beforeEach(() => {
  clock = createFakeClock();
  const start = clock.monotonic();
  services = new Map();
  servers = [];
  sent = [];
  probing = createProbing({
    clock,
    scheduler: createScheduler({ clock, location: "UTC", log: { warn: () => undefined, error: (text) => expect.unreachable(text) } }),
    coverage: { targets: () => servers, reaches: (_service, server) => servers.includes(server) },
    find: (id) => services.get(id),
    agents: {
      dispatch: async (serverId, { id }) => {
        sent.push([(clock.monotonic() - start) / 1_000, id, serverId]);
        return "sent";
      },
    },
    dispatched: () => undefined,
    onError: (error) => expect.unreachable(String(error)),
  });
});

function add(...list: Service[]): Service[] {
  for (const one of list) services.set(one.id, one);
  return list;
}

test("one server is probed when the interval ends, and then at each interval", () => {
  servers = [7];
  for (const one of add(service(1))) probing.set(one);
  clock.advance(95_000);
  expect(sent).toEqual([
    [30, 1, 7],
    [60, 1, 7],
    [90, 1, 7],
  ]);
});

test("the interval counts from the whole second in which the service was saved", () => {
  servers = [7];
  clock.advance(2_750);
  for (const one of add(service(1, 2))) probing.set(one);
  clock.advance(5_250);
  expect(sent.map(([second]) => second)).toEqual([4, 6, 8]);
});

test("several are spread over the interval, and each is probed once in it", () => {
  servers = [1, 2, 3, 4, 5, 6];
  for (const one of add(service(2))) probing.set(one);
  clock.advance(89_000);
  expect(sent.slice(0, 6)).toEqual([
    [30, 2, 3],
    [35, 2, 4],
    [40, 2, 5],
    [45, 2, 6],
    [50, 2, 1],
    [55, 2, 2],
  ]);
  for (const server of servers) expect(sent.filter(([, , seen]) => seen === server)).toHaveLength(2);
});

test("services of one interval do not begin together after a start", () => {
  servers = [1];
  probing.setAll(add(service(1), service(2), service(3), service(4, 60)));
  clock.advance(65_000);
  expect(sent.map(([second, id]) => [second, id])).toEqual([
    [10, 1],
    [20, 2],
    [30, 3],
    [40, 1],
    [50, 2],
    [60, 3],
    [60, 4],
  ]);
});

test("a server that leaves in the middle of a round is not asked any more", () => {
  servers = [1, 2, 3];
  for (const one of add(service(3))) probing.set(one);
  clock.advance(30_000);
  servers = [1, 3];
  clock.advance(29_000);
  expect(sent.map(([, , server]) => server)).toEqual([1, 3]);
});

test("steps are a second at least: who is due within the same one is asked at once", () => {
  servers = [1, 2];
  for (const one of add(service(2, 1))) probing.set(one);
  clock.advance(1_000);
  expect(sent).toEqual([
    [1, 2, 1],
    [1, 2, 2],
  ]);
  probing.remove([2]);
  sent.length = 0;
  servers = Array.from({ length: 50 }, (_, index) => index + 1);
  for (const one of add(service(3, 20))) probing.set(one);
  clock.advance(39_900);
  const seconds = Map.groupBy(sent, ([second]) => second);
  expect([...seconds.keys()]).toEqual(Array.from({ length: 20 }, (_, index) => 21 + index));
  expect(new Set([...seconds.values()].map((asked) => asked.length))).toEqual(new Set([2, 3]));
  expect(new Set(sent.map(([, , server]) => server)).size).toBe(50);
});

test("a thousand servers of a short interval are all asked in it", () => {
  servers = Array.from({ length: 1_000 }, (_, index) => index + 1);
  for (const one of add(service(1, 1))) probing.set(one);
  clock.advance(1_999);
  expect(new Set(sent.map(([, , server]) => server)).size).toBe(1_000);
});

test("what failed is asked again soon, once, and not after the service is gone", () => {
  servers = [1, 2];
  const [one] = add(service(1, 3_600));
  if (!one) throw new Error("no service");
  probing.set(one);
  probing.again(one, 1);
  probing.again(one, 1);
  clock.advance(10_000);
  expect(sent).toEqual([[10, 1, 1]]);
  probing.again(one, 2);
  probing.remove([1]);
  clock.advance(7_200_000);
  expect(sent).toHaveLength(1);
});
