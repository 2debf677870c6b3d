import { createFakeClock } from "@windfire/testkit";
import { beforeEach, describe, expect, test } from "vitest";
import type { Bus } from "./bus.ts";
import { createMemoryNet } from "./testing/index.ts";
import type { MemoryWire } from "./testing/index.ts";

const text = (bytes: Uint8Array | "no-answer"): string => (typeof bytes === "string" ? bytes : Buffer.from(bytes).toString());
const clock = createFakeClock();
const settled = (): Promise<void> => clock.advanceAsync(0);
let net: ReturnType<typeof createMemoryNet>;
let [a, b, c]: { bus: Bus; wire: MemoryWire }[] = [];
/** What each was told. */
let heard: string[];

function busOf(one: { bus: Bus; wire: MemoryWire } | undefined): { bus: Bus; wire: MemoryWire } {
  if (!one) throw new Error("there is none");
  return one;
}

beforeEach(() => {
  net = createMemoryNet({ largest: 300 });
  heard = [];
  [a, b, c] = [net.bus(clock), net.bus(clock), net.bus(clock)];
  for (const { bus } of [busOf(a), busOf(b), busOf(c)]) {
    bus.take("news", (from, body) => heard.push(`${from.at(-1)} to ${bus.replica.at(-1)}: ${text(body)}`));
    bus.answer("echo", (from, body) => Buffer.concat([Buffer.from(`${from.at(-1)} said `), body]));
    bus.start();
  }
});

describe("messages", () => {
  test("go to all others, or to one, in the order of the sender", async () => {
    const { bus } = busOf(a);
    expect([bus.publish("news", Buffer.from("one")), bus.send(busOf(b).bus.replica, "news", Buffer.from("two"))]).toEqual(["sent", "sent"]);
    await settled();
    expect(heard.toSorted()).toEqual(["1 to 2: one", "1 to 2: two", "1 to 3: one"]);
    expect(heard.filter((entry) => entry.startsWith("1 to 2"))).toEqual(["1 to 2: one", "1 to 2: two"]);
  });

  test("that are longer than the wire takes come whole", async () => {
    const long = "0123456789".repeat(100);
    busOf(a).bus.send(busOf(b).bus.replica, "news", Buffer.from(long));
    await settled();
    expect(heard).toEqual([`1 to 2: ${long}`]);
  });

  test("of which a part is missing never come, and are counted in the end", async () => {
    const { bus, wire } = busOf(b);
    wire.hold();
    busOf(a).bus.send(bus.replica, "news", Buffer.alloc(1000));
    await settled();
    wire.release((held) => held.slice(1));
    clock.advance(20_000);
    wire.hold();
    busOf(a).bus.send(bus.replica, "news", Buffer.alloc(400));
    await settled();
    wire.release((held) => held.slice(1));
    expect([heard, bus.stats.unreadable]).toEqual([[], 1]);
  });

  test("of who has another key are not read", async () => {
    const stranger = net.bus(clock, Buffer.alloc(32, 9)).bus;
    stranger.start();
    stranger.publish("news", Buffer.from("delete everything"));
    await settled();
    expect([heard, busOf(b).bus.stats.unreadable]).toEqual([[], 1]);
  });

  test("do not pile up: what is too much is refused, and nothing goes where nobody hears", () => {
    const { bus, wire } = busOf(a);
    expect(bus.publish("news", Buffer.alloc(64 * 2 ** 20 + 1))).toBe("full");
    wire.set("lost");
    expect([bus.state, bus.publish("news", Buffer.from("x"))]).toEqual(["lost", "lost"]);
  });
});

describe("a question", () => {
  const ask = (topic = "echo", body = Buffer.from("hello"), to = busOf(b).bus.replica) => busOf(a).bus.request(to, topic, body, 1_000);

  test("is answered, by the one that was asked", async () => {
    expect(text(await ask())).toBe("1 said hello");
    expect(text(await ask("echo", Buffer.alloc(2_000, "x")))).toHaveLength(2_007);
  });

  test("is answered later, and not at all where nobody knows it", async () => {
    busOf(b).bus.answer("later", async () => Buffer.from("later"));
    expect([text(await ask("later")), await ask("unknown")]).toEqual(["later", "no-answer"]);
  });

  test("that comes when nobody waits for its answer any more is not answered, also by one that stood still meanwhile", async () => {
    expect(text(await ask())).toBe("1 said hello");
    let done = 0;
    busOf(b).bus.answer("do", () => Buffer.of(++done));
    busOf(b).wire.hold();
    const early = ask("do");
    await clock.advanceAsync(400);
    busOf(b).wire.release();
    expect([await early, done]).toEqual([Buffer.of(1), 1]);
    busOf(b).wire.hold();
    const late = ask("do");
    await clock.advanceAsync(70_000);
    busOf(b).wire.release();
    await settled();
    expect([await late, done, busOf(b).bus.stats.tooLate]).toEqual(["no-answer", 1, 1]);
    expect(text(await ask())).toBe("1 said hello");
  });

  test("is given up after its time, and when the wire is lost", async () => {
    const nobody = ask("echo", Buffer.alloc(1), "ffffffffffff");
    await clock.advanceAsync(1_000);
    expect(await nobody).toBe("no-answer");
    busOf(b).wire.hold();
    const open = ask();
    busOf(a).wire.set("lost");
    expect(await open).toBe("no-answer");
    expect(await ask()).toBe("no-answer");
  });
});
