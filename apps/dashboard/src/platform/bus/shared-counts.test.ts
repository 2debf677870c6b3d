import { expect, test } from "vitest";
import type { Bus } from "./bus.ts";
import { createSharedCounts } from "./shared-counts.ts";

/** Buses whose messages arrive at all others at once. */
function join(count: number, state: () => Bus["state"] = () => "connected") {
  const takers: Parameters<Bus["take"]>[1][] = [];
  const buses = Array.from({ length: count }, (_none, place) => ({
    get state() {
      return state();
    },
    take: (_topic: string, taker: Parameters<Bus["take"]>[1]) => void (takers[place] = taker),
    publish(_topic: string, body: Uint8Array) {
      for (const [other, taker] of takers.entries()) if (other !== place) taker(String(place), body);
      return "sent" as const;
    },
  }));
  return { buses, say: (text: string) => takers[0]?.("x", Buffer.from(text)) };
}

test("what one counts all others hear, under its name, and nobody twice", () => {
  const { buses } = join(3);
  const heard: string[][] = [[], [], []];
  const tells = buses.map((bus, place) => {
    const share = createSharedCounts(bus);
    share("other")(() => expect.unreachable("counted under another name"));
    return share("codes")((key, by) => heard[place]?.push(`${key} ${by}`));
  });
  tells[0]?.("user 1", 1);
  tells[2]?.("user 1", -1);
  expect(heard).toEqual([["user 1 -1"], ["user 1 1", "user 1 -1"], ["user 1 1"]]);
});

test("what is no message of a count, or of a name that nobody opened, is passed over", () => {
  const { buses, say } = join(1);
  const heard: string[] = [];
  for (const bus of buses) createSharedCounts(bus)("codes")((key) => heard.push(key));
  const good = { v: 1, of: "codes", key: "good", by: 1 };
  const bad = [{ v: 2 }, { of: "none" }, { of: 1 }, { key: 1 }, { key: "k".repeat(257) }, { by: "1" }, { by: 1.5 }, { by: 1_001 }];
  for (const part of bad) say(JSON.stringify({ ...good, key: "bad", ...part }));
  for (const text of ["", "null", "[]", "{"]) say(text);
  say(JSON.stringify(good));
  expect(heard).toEqual(["good"]);
});

test("nothing is sent where nobody is heard", () => {
  const { buses } = join(1, () => "off");
  for (const bus of buses) {
    const tell = createSharedCounts({ ...bus, state: "off", publish: () => expect.unreachable("sent") })("codes")(() => undefined);
    tell("user 1", 1);
  }
});
