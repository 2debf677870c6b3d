import { describe, expect, test } from "vitest";
import { LiveServer } from "./live-server.ts";
import { joinedAddress } from "./model.ts";
import { hostWith, stateWith, testSettings } from "./testing/samples.ts";

const settings = testSettings;
const host = (bootTime: number) => hostWith({ bootTime });
const state = stateWith;

/** Spec 20 section 5.1: what a host report does, by boot time. */
test.each([
  [1000, 1000, "updated"],
  [1000, 1002, "updated"],
  [1000, 998, "updated"],
  [1000, 900, "stale"],
  [1000, 2000, "restarted"],
])("stored boot time %i, reported %i: %s", (stored, reported, report) => {
  const server = new LiveServer(settings);
  expect(server.judgeHost(host(stored), 0)).toBe("first");
  server.applyHost(host(stored), "first");
  expect(server.judgeHost(host(reported), 0)).toBe(report);
});

describe("a boot time that is earlier than the known one", () => {
  const told = (reports: readonly (readonly [bootTime: number, at: number])[]): string[] => {
    const server = new LiveServer(settings);
    server.applyHost(host(1000), "first");
    return reports.map(([bootTime, at]) => {
      const report = server.judgeHost(host(bootTime), at);
      server.applyHost(host(bootTime), report);
      return `${report} ${server.host?.bootTime}`;
    });
  };

  test("is believed when nothing else is told for a minute: the clock was set back", () => {
    expect(
      told([
        [900, 0],
        [901, 59_999],
        [900, 60_000],
        [900, 60_001],
        [1000, 70_000],
      ]),
    ).toEqual(["stale 1000", "stale 1000", "updated 900", "updated 900", "restarted 1000"]);
  });

  test("is not when the later one is told again, or yet another one", () => {
    expect(
      told([
        [900, 0],
        [1000, 30_000],
        [900, 60_000],
        [800, 119_000],
        [900, 120_000],
      ]),
    ).toEqual(["stale 1000", "updated 1000", "stale 1000", "stale 1000", "stale 1000"]);
  });
});

test("a restart empties the state and starts the counters again", () => {
  const server = new LiveServer(settings);
  server.applyHost(host(1000), "first");
  server.applyState(server.openStream(), state({ netInTransfer: 100, netOutTransfer: 100 }), 5_000);
  server.applyHost(host(2000), "restarted");
  expect(server.stateJson).toBe("{}");
  expect(server.lastActive).toBe(0);
  expect(server.traffic.record()).toEqual({ bootTime: 2000, seen: undefined, unbooked: { in: 0, out: 0 } });
});

test("a newer stream supersedes the older one, whose end changes nothing", () => {
  const server = new LiveServer(settings);
  const first = server.openStream();
  const second = server.openStream();
  expect(server.applyState(first, state(), 1)).toBe(false);
  expect(server.applyState(second, state(), 2)).toBe(true);
  server.closeStream(first);
  expect(server.lastActive).toBe(2);
  server.closeStream(second);
  expect(server.lastActive).toBe(0);
});

test("zero members are left out of the JSON, sensors keep their capitalised keys", () => {
  const server = new LiveServer(settings);
  server.applyState(server.openStream(), state({ temperatures: [{ name: "core", temperature: 41.5 }] }), 1);
  expect(JSON.parse(server.stateJson)).toEqual({ cpu: 1.5, temperatures: [{ Name: "core", Temperature: 41.5 }] });
});

test("counters are shown with every digit", () => {
  const server = new LiveServer(settings);
  server.applyState(
    server.openStream(),
    state({ memUsed: 2n ** 53n + 1n, netInTransfer: 2n ** 64n - 1n, netOutTransfer: 9_007_199_254_740_991 }),
    1,
  );
  expect(server.stateJson).toBe(
    '{"cpu":1.5,"mem_used":9007199254740993,"net_in_transfer":18446744073709551615,"net_out_transfer":9007199254740991}',
  );
});

test("GPUs are shown without what is not known of them", () => {
  const server = new LiveServer(settings);
  const gpus = [
    { utilization: 42.5, memoryUsed: 1937, memoryTotal: 6144 },
    { utilization: 0, memoryUsed: 0, memoryTotal: 0 },
  ];
  server.applyState(server.openStream(), state({ gpus }), 1);
  expect(server.stateJson).toBe('{"cpu":1.5,"gpus":[{"utilization":42.5,"memory_used":1937,"memory_total":6144},{"utilization":0}]}');
});

test("system and agent version are kept from strangers", () => {
  const server = new LiveServer(settings);
  server.applyHost(host(1), "first");
  expect(JSON.parse(server.hostJson(false))).toHaveProperty("platform_version", "13");
  const redacted = JSON.parse(server.hostJson(true)) as object;
  expect(redacted).not.toHaveProperty("platform_version");
  expect(redacted).not.toHaveProperty("version");
});

test.each([
  [{ ipv4: "1.2.3.4", ipv6: "::1", countryCode: "" }, "1.2.3.4/::1"],
  [{ ipv4: "1.2.3.4", ipv6: "", countryCode: "" }, "1.2.3.4"],
  [{ ipv4: "", ipv6: "::1", countryCode: "" }, "::1"],
  [{ ipv4: "", ipv6: "", countryCode: "" }, ""],
])("address %j joins to %s", (address, joined) => {
  expect(joinedAddress(address)).toBe(joined);
});

test("what a host permits is told to those who may manage it", () => {
  const server = new LiveServer(settings);
  const rights = [
    { name: "report", until: 0, only: [] },
    { name: "files", until: 1_795_910_400, only: ["/srv"] },
  ];
  server.applyHost({ ...host(1000), rights }, "first");
  expect(JSON.parse(server.hostJson(false))).toMatchObject({
    rights: [{ name: "report" }, { name: "files", until: 1_795_910_400, only: ["/srv"] }],
  });
  expect(server.hostJson(true)).not.toContain("rights");
});
