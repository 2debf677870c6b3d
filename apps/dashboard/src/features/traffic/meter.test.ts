import { expect, test } from "vitest";
import { TrafficMeter } from "./meter.ts";
import type { Traffic } from "./meter.ts";

type Step = [inbound: number | bigint, outbound: number | bigint] | { readonly boot: number };

function count(steps: readonly Step[], meter = new TrafficMeter()): Traffic {
  for (const step of steps) {
    if ("boot" in step) meter.boot(step.boot);
    else meter.count(...step);
  }
  return meter.unbooked;
}

/** Spec 30 section 8.6, spec 20 section 7. */
test.each<[string, Step[], Traffic]>([
  ["the first report is the beginning", [[1000, 500]], { in: 0, out: 0 }],
  [
    "what the counters grow by",
    [
      [1000, 500],
      [1500, 700],
      [1500, 700],
      [1501, 700],
    ],
    { in: 501, out: 200 },
  ],
  [
    "a host that only receives",
    [
      [0, 0],
      [100, 0],
      [250, 0],
    ],
    { in: 250, out: 0 },
  ],
  [
    "a host that only sends",
    [
      [0, 0],
      [0, 7],
      [0, 9],
    ],
    { in: 0, out: 9 },
  ],
  [
    "a fall keeps what was counted and begins anew",
    [
      [1000, 1000],
      [1600, 1100],
      [20, 5],
      [50, 6],
    ],
    { in: 630, out: 101 },
  ],
  [
    "each direction falls by itself",
    [
      [1000, 1000],
      [1600, 1100],
      [20, 1150],
    ],
    { in: 600, out: 150 },
  ],
  ["a restart likewise", [{ boot: 100 }, [1000, 1000], [1600, 1100], { boot: 200 }, [30, 30], [31, 32]], { in: 601, out: 102 }],
  ["a restart with counters that go on", [{ boot: 100 }, [1000, 1000], { boot: 200 }, [9000, 9000], [9001, 9000]], { in: 1, out: 0 }],
  ["a boot time that wanders is no restart", [{ boot: 100 }, [1000, 0], { boot: 103 }, { boot: 106 }, [1010, 0]], { in: 10, out: 0 }],
  ["a clock that was set back is no restart", [{ boot: 5000 }, [1000, 0], { boot: 100 }, [1010, 0]], { in: 10, out: 0 }],
  [
    "every digit",
    [
      [2n ** 63n, 0],
      [2n ** 63n + 1n, 2n ** 54n + 1n],
    ],
    { in: 1, out: 2n ** 54n + 1n },
  ],
])("%s", (_case, steps, unbooked) => {
  expect(count(steps)).toEqual(unbooked);
});

const record = { bootTime: 100, seen: { in: 1000, out: 2000 }, unbooked: { in: 5, out: 6 } };

test.each<[string, Step[], Traffic]>([
  ["the host went on", [{ boot: 101 }, [1300, 2001]], { in: 305, out: 7 }],
  ["the host restarted meanwhile", [{ boot: 900 }, [1300, 2001], [1301, 2001]], { in: 6, out: 6 }],
  ["a counter fell meanwhile", [{ boot: 100 }, [900, 2001], [950, 2001]], { in: 55, out: 7 }],
  ["the host stays away", [], { in: 5, out: 6 }],
])("after a restart of this program: %s", (_case, steps, unbooked) => {
  const meter = new TrafficMeter();
  meter.restore(record);
  expect(count(steps, meter)).toEqual(unbooked);
});

test("what comes while a record is written is not taken for written", () => {
  const meter = new TrafficMeter();
  count(
    [
      [0, 0],
      [10, 20],
    ],
    meter,
  );
  const { unbooked } = meter.keeping();
  expect(meter.isKept).toBe(true);
  meter.count(11, 22);
  meter.booked(unbooked);
  expect([meter.unbooked, meter.isKept]).toEqual([{ in: 1, out: 2 }, false]);
});
