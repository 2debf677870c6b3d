import { createFakeClock } from "@windfire/testkit";
import { describe, expect, test } from "vitest";
import { findAddresses, parseAddress } from "./addresses/finder.ts";
import { createAddressWatch } from "./addresses/watch.ts";
import { createBackgroundReading } from "./background.ts";
import { measureVolumes, patientSpace } from "./disk.ts";
import type { Space } from "./disk.ts";
import { createSystemFiles } from "./files.ts";
import { findGpuReader, gpuStates, parseAmd, parseNvidia } from "./gpu.ts";
import { createNetworkMeter, isCounted } from "./network.ts";
import { createOtherCollector } from "./other/collector.ts";
import type { SystemInformation } from "./other/system-information.ts";
import { hostRoots } from "./roots.ts";

test.each<[string, Record<string, boolean>, boolean]>([
  ["eth0", {}, true],
  ["enp3s0", {}, true],
  ["lo", {}, false],
  ["wlo1", {}, false],
  ["docker0", {}, false],
  ["veth12ab", {}, false],
  ["br-0a1b", {}, false],
  ["br0", {}, true],
  ["Meta", {}, false],
  ["docker0", { docker0: true }, true],
  ["eth0", { docker0: true }, false],
  ["eth0", { eth0: false }, false],
  ["toString", {}, true],
])("interface %s with %j counts: %s", (name, allowlist, counts) => {
  expect(isCounted(name, allowlist)).toBe(counts);
});

test("speeds are bytes by fractions of seconds, never below zero", () => {
  const meter = createNetworkMeter();
  const at = (received: number, sent: number, ms: number) => meter.read([{ name: "eth0", received, sent }], {}, ms);
  expect(at(1000, 1000, 0)).toMatchObject({ receivedPerSecond: 0, sentPerSecond: 0 });
  expect(at(2000, 1000, 500)).toMatchObject({ receivedPerSecond: 2000, sentPerSecond: 0 });
  expect(at(9000, 1000, 500)).toMatchObject({ receivedPerSecond: 2000, sentPerSecond: 0 });
  expect(at(100, 2000, 1500)).toMatchObject({ received: 100, receivedPerSecond: 0, sentPerSecond: 1000 });
});

describe("disks", () => {
  test("free space of a pool counts once, unreadable volumes not at all", async () => {
    const spaces: Record<string, Space> = { "/a": { total: 60, free: 50 }, "/b": { total: 70, free: 50 }, "/c": { total: 100, free: 10 } };
    const volumes = [
      { path: "/a", pool: "p" },
      { path: "/b", pool: "p" },
      { path: "/c", pool: "c" },
      { path: "/gone", pool: "g" },
    ];
    expect(await measureVolumes(volumes, (path) => Promise.resolve(spaces[path]))).toEqual({
      used: 10 + 20 + 90,
      total: 10 + 20 + 50 + 100,
    });
  });

  test("a file system that hangs keeps its last answer and is asked by one thread", async () => {
    const clock = createFakeClock();
    const asked: PromiseWithResolvers<Space | undefined>[] = [];
    const ask = patientSpace(() => {
      const answer = Promise.withResolvers<Space | undefined>();
      asked.push(answer);
      return answer.promise;
    }, clock);
    const first = ask("/nfs");
    asked[0]?.resolve({ total: 2, free: 1 });
    expect(await first).toEqual({ total: 2, free: 1 });
    const second = ask("/nfs");
    clock.advance(500);
    expect(await second).toEqual({ total: 2, free: 1 });
    expect(await ask("/nfs")).toEqual({ total: 2, free: 1 });
    expect(asked).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });
});

describe("background readings", () => {
  test("give the last finished value and start the next when it is due", async () => {
    const clock = createFakeClock();
    let count = 0;
    const reading = createBackgroundReading({
      clock,
      read: () => Promise.resolve(++count),
      empty: 0,
      pauseMs: 1000,
      onError: () => undefined,
    });
    expect(reading.latest()).toBe(0);
    await clock.advanceAsync(0);
    expect([reading.latest(), reading.latest(), count]).toEqual([1, 1, 1]);
    await clock.advanceAsync(1000);
    expect(await reading.next()).toBe(2);
  });

  test("three failures in a row rest for ten minutes", async () => {
    const clock = createFakeClock();
    let attempts = 0;
    const errors: unknown[] = [];
    const reading = createBackgroundReading({
      clock,
      read: () => {
        attempts++;
        return Promise.reject(new Error("no tool"));
      },
      empty: "none",
      pauseMs: 0,
      onError: (error) => errors.push(error),
    });
    for (let sample = 0; sample < 10; sample++) expect(await reading.next()).toBe("none");
    expect(attempts).toBe(3);
    clock.advance(10 * 60_000);
    await reading.next();
    expect([attempts, errors.length]).toEqual([4, 4]);
  });
});

describe("graphics", () => {
  const NVIDIA_XML = `<?xml version="1.0" ?><nvidia_smi_log><driver_version>550</driver_version>
  <gpu id="00000000:01:00.0"><product_name>NVIDIA GeForce RTX 4090</product_name><fb_memory_usage><total>24564 MiB</total><reserved>1 MiB</reserved><used>1937 MiB</used></fb_memory_usage><utilization><gpu_util>12 %</gpu_util><memory_util>3 %</memory_util></utilization></gpu>
  <gpu id="00000000:02:00.0"><product_name>Tesla T4</product_name><utilization><gpu_util>N/A</gpu_util></utilization></gpu></nvidia_smi_log>`;

  test("NVIDIA", () => {
    expect(parseNvidia(NVIDIA_XML)).toEqual({
      names: ["NVIDIA GeForce RTX 4090", "Tesla T4"],
      usage: [12, 0],
      memory: [
        { used: 1937, total: 24_564 },
        { used: 0, total: 0 },
      ],
    });
  });

  test("each GPU is told with its memory, which only some vendors know", () => {
    expect(gpuStates(parseNvidia(NVIDIA_XML))).toEqual([
      { utilization: 12, memoryUsed: 1937, memoryTotal: 24_564 },
      { utilization: 0, memoryUsed: 0, memoryTotal: 0 },
    ]);
    expect(gpuStates({ names: ["a"], usage: [5] })).toEqual([{ utilization: 5, memoryUsed: 0, memoryTotal: 0 }]);
  });

  test("AMD", () => {
    expect(
      parseAmd(
        '{"card0": {"GPU use (%)": "34", "Card series": "Radeon RX 7900 XTX"}, "card1": {"GPU use (%)": "N/A", "Card Series": "Instinct"}}',
      ),
    ).toEqual({
      names: ["Radeon RX 7900 XTX", "Instinct"],
      usage: [34, 0],
    });
  });

  test("the first vendor's tool that is there is asked", async () => {
    const runs: [string, readonly string[]][] = [];
    const run = (file: string, args: readonly string[]): Promise<string> => {
      runs.push([file, args]);
      return Promise.resolve("{}");
    };
    const reader = findGpuReader(
      (path) => path === "/opt/amd/rocm-smi",
      "relative:/bin:/opt/amd",
      run,
      () => [],
    );
    expect(await reader?.()).toEqual({ names: [], usage: [] });
    expect(runs).toEqual([["/opt/amd/rocm-smi", ["-u", "--showproductname", "--json"]]]);
    expect(
      findGpuReader(
        () => false,
        "/bin",
        run,
        () => [],
      ),
    ).toBeUndefined();
  });
});

describe("addresses", () => {
  test.each<[string, 4 | 6, string | undefined]>([
    ["fl=1\nip=203.0.113.7\nts=2\n", 4, "203.0.113.7"],
    ["203.0.113.7\n", 4, "203.0.113.7"],
    ["  2001:db8::7 ", 6, "2001:db8::7"],
    ["203.0.113.7", 6, undefined],
    ["<html>", 4, undefined],
    ["ts=1\nxip=203.0.113.7\n", 4, undefined],
  ])("%j over IPv%i is %s", (body, family, address) => {
    expect(parseAddress(body, family)).toBe(address);
  });

  test("pages are asked in order until one gives an address; a family without a route is left", async () => {
    const asked: string[] = [];
    const found = await findAddresses(
      (url, family) => {
        asked.push(`${family} ${url}`);
        if (family === 6) return Promise.reject(Object.assign(new Error("no route"), { code: "ENETUNREACH" }));
        return url === "http://b/" ? Promise.resolve("203.0.113.7") : Promise.reject(new Error("broken"));
      },
      ["http://a/", "http://b/", "http://c/"],
    );
    expect(found).toEqual({ ipv4: "203.0.113.7", ipv6: "" });
    expect(asked.toSorted()).toEqual(["4 http://a/", "4 http://b/", "6 http://a/"]);
  });

  test("reported when new or forced; a failed look-up repeats what is known", async () => {
    let found = { ipv4: "1.2.3.4", ipv6: "" };
    const watch = createAddressWatch({ clock: createFakeClock(), find: () => Promise.resolve(found) });
    const settings = { use_ipv6_country_code: true, custom_ip_api: [] };
    expect(await watch.look(settings, false)).toEqual({ use6: true, ip: found });
    watch.reported();
    expect(await watch.look(settings, false)).toBeUndefined();
    expect(await watch.look(settings, true)).toEqual({ use6: true, ip: found });
    found = { ipv4: "", ipv6: "" };
    expect(await watch.look(settings, true)).toEqual({ use6: true, ip: { ipv4: "1.2.3.4", ipv6: "" } });
    found = { ipv4: "1.2.3.4", ipv6: "2001:db8::1" };
    expect(await watch.look(settings, false)).toEqual({ use6: true, ip: found });
  });

  test("a host that finds no address leaves it to the dashboard after three attempts", async () => {
    const clock = createFakeClock();
    let looked = 0;
    const find = () => Promise.resolve({ ipv4: "", ipv6: "", looked: ++looked });
    const watch = createAddressWatch({ clock, find });
    const settings = { use_ipv6_country_code: false, custom_ip_api: [] };
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await watch.look(settings, true)).toBeUndefined();
      clock.advance(1000);
    }
    expect(await watch.look(settings, true)).toEqual({ use6: false, ip: { ipv4: "", ipv6: "" } });
    expect(looked).toBe(3);
    clock.advance(4000);
    await watch.look(settings, false);
    expect(looked).toBe(4);
  });
});

test("macOS and Windows: what the library says becomes a host and samples", async () => {
  const clock = createFakeClock(1_000_000_000);
  const system: SystemInformation = {
    osInfo: () => Promise.resolve({ distro: "Microsoft Windows 11 Pro", release: "10.0.22631" }),
    cpu: () => Promise.resolve({ cores: 16, physicalCores: 8 }),
    mem: () => Promise.resolve({ total: 100, available: 30, swaptotal: 50, swapused: 5 }),
    fsSize: () =>
      Promise.resolve([
        { fs: "/dev/disk3s1s1", type: "APFS", size: 1000, available: 400, mount: "/" },
        { fs: "/dev/disk3s5", type: "APFS", size: 1000, available: 400, mount: "/System/Volumes/Data" },
        { fs: "C:", type: "NTFS", size: 500, available: 100, mount: "C:" },
        { fs: "x", type: "SMB", size: 9, available: 9, mount: "/net" },
      ]),
    networkStats: () =>
      Promise.resolve([
        { iface: "en0", rx_bytes: 10, tx_bytes: 20 },
        { iface: "lo0", rx_bytes: 5, tx_bytes: 5 },
      ]),
    currentLoad: () => Promise.resolve({ currentLoad: 12.5 }),
    processes: () => Promise.resolve({ all: 321 }),
    networkConnections: () => Promise.resolve([{ protocol: "tcp" }, { protocol: "tcp6" }, { protocol: "udp4" }]),
    cpuTemperature: () => Promise.resolve({ main: 41 }),
    graphics: () =>
      Promise.resolve({
        controllers: [
          { model: "", utilizationGpu: 70 },
          { model: "Apple M2", utilizationGpu: null },
          { model: "GeForce", utilizationGpu: 30, memoryUsed: 512, memoryTotal: 8_192 },
        ],
      }),
  };
  const create = (platform: "darwin" | "win32") =>
    createOtherCollector({
      clock,
      load: () => Promise.resolve(system),
      platform,
      machine: "arm64",
      processor: "Apple M2",
      loadAverages: () => [1, 2, 3],
      uptime: () => 1000,
      version: "1.0.0",
      onError: () => expect.unreachable(),
    });
  const settings = {
    hard_drive_partition_allowlist: [],
    nic_allowlist: {},
    gpu: true,
    temperature: true,
    skip_connection_count: false,
    skip_procs_count: false,
  };
  const mac = create("darwin");
  expect(await mac.host(settings)).toEqual({
    platform: "darwin",
    platformVersion: "10.0.22631",
    cpu: ["Apple M2 8 Physical Core"],
    memTotal: 100,
    diskTotal: 600 + 600 + 400 + 500,
    swapTotal: 50,
    arch: "arm64",
    virtualization: "",
    bootTime: 999_000,
    version: "1.0.0",
    gpu: ["Apple M2", "GeForce"],
  });
  await mac.sample(settings);
  await clock.advanceAsync(0);
  expect(await mac.sample(settings)).toEqual({
    cpu: 12.5,
    memUsed: 70,
    swapUsed: 5,
    diskUsed: 600 + 600 + 400,
    netInTransfer: 10,
    netOutTransfer: 20,
    netInSpeed: 0,
    netOutSpeed: 0,
    uptime: 1000,
    load1: 1,
    load5: 2,
    load15: 3,
    tcpConnCount: 2,
    udpConnCount: 1,
    processCount: 321,
    temperatures: [{ name: "cpu", temperature: 41 }],
    gpu: [0, 30],
    gpus: [
      { utilization: 0, memoryUsed: 0, memoryTotal: 0 },
      { utilization: 30, memoryUsed: 512, memoryTotal: 8_192 },
    ],
  });
  expect(await create("win32").host(settings)).toMatchObject({
    platform: "Microsoft Windows 11 Pro",
    arch: "aarch64",
    cpu: ["Apple M2 16 Physical Core"],
  });
});

test("places of a host seen from a container", () => {
  expect(hostRoots({ HOST_PROC: "/host/proc/", HOST_SYS: "", HOST_PROC_MOUNTINFO: "/m" })).toEqual({
    proc: "/host/proc",
    sys: "/sys",
    etc: "/etc",
    mountInfo: "/m",
    root: "",
  });
});

test("this machine's own files are read, however long they are", () => {
  const files = createSystemFiles();
  expect(files.text("/no/such/file")).toBeUndefined();
  expect(files.names("/no/such/folder")).toEqual([]);
  const self = files.text(process.execPath);
  expect(self?.length).toBeGreaterThan(1_000_000);
});
