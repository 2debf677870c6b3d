import { decodeHost, decodeState, encodeHost, encodeState } from "@windfire/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createCleaner } from "./clean.ts";
import { metricValues } from "./metrics.ts";

const limits = { textLength: 16, gpus: 3, sensors: 4 };

function cleaner() {
  const counter = { cleaned: 0 };
  return { clean: createCleaner(limits, counter), counter };
}

test("an honest state passes as it is", () => {
  const { clean, counter } = cleaner();
  const state = decodeState(encodeState({ cpu: 12.5, memUsed: 2 ** 40, temperatures: [{ name: "core", temperature: 40 }], gpu: [7] }));
  expect(clean.state(state)).toEqual(state);
  expect(counter.cleaned).toBe(0);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 1.7e308])(
  "the number %d becomes 0 and is counted",
  (cpu) => {
    const { clean, counter } = cleaner();
    expect(clean.state(decodeState(encodeState({ cpu }))).cpu).toBe(0);
    expect(counter.cleaned).toBe(1);
  },
);

test("texts lose control characters and what is too long; lists are cut", () => {
  const { clean } = cleaner();
  const host = clean.host(
    decodeHost(encodeHost({ platform: "deb\u0000ian\u202e\u2028", cpu: ["1", "2", "3", "4"], version: "v".repeat(100) })),
  );
  expect(host).toMatchObject({ platform: "debian\u202e", cpu: ["1", "2", "3"], version: "v".repeat(16) });
});

test("rights are cut like everything else that agents say", () => {
  const { clean, counter } = cleaner();
  const right = { name: "files\u0000", until: 5, only: ["/srv", "x".repeat(100)] };
  const host = clean.host(decodeHost(encodeHost({ rights: [right, right, right, right] })));
  expect(host.rights).toHaveLength(3);
  expect(host.rights[0]).toEqual({ name: "files", until: 5, only: ["/srv", "x".repeat(16)] });
  expect(counter.cleaned).toBeGreaterThan(0);
});

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["<script>", ""],
  ["1.2.3.4.5", ""],
])("address %s is kept as %j", (ipv4, kept) => {
  expect(cleaner().clean.address({ use6: false, ip: { ipv4, ipv6: "" }, countryCode: "", dashboardBootTime: 0 }).ipv4).toBe(kept);
});

test("whatever an agent sends, JSON and history get finite numbers", () => {
  const anyNumber = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0));
  fc.assert(
    fc.property(anyNumber, anyNumber, fc.array(anyNumber, { maxLength: 10 }), (cpu, load1, gpu) => {
      const { clean } = cleaner();
      const state = clean.state(
        decodeState(encodeState({ cpu, load1, gpu, temperatures: gpu.map((temperature) => ({ name: "s", temperature })) })),
      );
      // Sums over years of them are finite too.
      expect([...metricValues(state, new Float64Array(17))].every((value) => Number.isFinite(value * 1e12) && value >= 0)).toBe(true);
      expect(JSON.parse(JSON.stringify(state))).toEqual(JSON.parse(JSON.stringify({ ...state })));
    }),
  );
});

test("the hottest sensor and the busiest GPU stand for all", () => {
  const { clean } = cleaner();
  const state = clean.state(
    decodeState(
      encodeState({
        temperatures: [
          { name: "a", temperature: 30 },
          { name: "b", temperature: 45 },
        ],
        gpu: [3, 80],
      }),
    ),
  );
  const values = metricValues(state, new Float64Array(17));
  expect([values[14], values[16]]).toEqual([45, 80]);
});

test("the figures of GPUs stand in for the plain list, and not the other way round", () => {
  const { clean } = cleaner();
  const gpus = [{ utilization: 42.5, memoryUsed: 1937, memoryTotal: 6144 }, { utilization: Number.NaN }].map((gpu) => ({
    memoryUsed: 0,
    memoryTotal: 0,
    ...gpu,
  }));
  const told = [
    { utilization: 42.5, memoryUsed: 1937, memoryTotal: 6144 },
    { utilization: 0, memoryUsed: 0, memoryTotal: 0 },
  ];
  expect(clean.state(decodeState(encodeState({ gpus })))).toMatchObject({ gpu: [42.5, 0], gpus: told });
  expect(clean.state(decodeState(encodeState({ gpus, gpu: [7, 8] })))).toMatchObject({ gpu: [7, 8], gpus: told });
  expect(clean.state(decodeState(encodeState({ gpu: [7] })))).toMatchObject({ gpu: [7], gpus: [] });
  expect(clean.state(decodeState(encodeState({ gpus: [...gpus, ...gpus, ...gpus] }))).gpus).toHaveLength(limits.gpus);
});

test.each([
  ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
  ["2001:0db8::0001", "2001:db8::1"],
  [`2001:db8::1%${"a".repeat(10_000)}`, "2001:db8::1"],
  ["::1%<script>", "::1"],
])("an IPv6 address has one spelling, whatever the agent writes: %.40s", (ipv6, kept) => {
  expect(cleaner().clean.address({ use6: true, ip: { ipv4: "192.0.2.1", ipv6 }, countryCode: "", dashboardBootTime: 0 })).toMatchObject({
    ipv4: "192.0.2.1",
    ipv6: kept,
  });
});

test.each([
  [
    { ipv4: "", ipv6: "::ffff:192.0.2.1" },
    { ipv4: "192.0.2.1", ipv6: "" },
  ],
  [
    { ipv4: "192.0.2.2", ipv6: "::FFFF:c000:201" },
    { ipv4: "192.0.2.2", ipv6: "" },
  ],
  [
    { ipv4: "::ffff:192.0.2.1", ipv6: "" },
    { ipv4: "192.0.2.1", ipv6: "" },
  ],
])("an IPv4 address in IPv6 clothes is one of IPv4: %j", (ip, kept) => {
  expect(cleaner().clean.address({ use6: true, ip, countryCode: "", dashboardBootTime: 0 })).toMatchObject(kept);
});

test.each([
  [{ cpu: Number.NaN }, ["cpu"]],
  [{ cpu: -1, load5: Infinity }, ["cpu", "load5"]],
  [{ load1: Number.NaN, load15: -Infinity }, ["load1", "load15"]],
  [{ gpu: [3, Number.NaN] }, ["gpu"]],
  [{ gpus: [{ utilization: -1, memoryUsed: 0, memoryTotal: 0 }] }, ["gpu"]],
  [{ cpu: 0, load1: 0, gpu: [0] }, undefined],
])("what was no number is marked, because 0 would be a value: %j", (sent, unsound) => {
  expect(cleaner().clean.state(decodeState(encodeState(sent))).unsound).toEqual(unsound);
});
