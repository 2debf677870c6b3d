import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createFreeBsdCollector } from "./collector.ts";
import { countedSpaces, countSockets, guestOf, parseFileSystems, parseLinks, parseSwap, parseSysctl, temperaturesOf } from "./readings.ts";

const KERNEL = `kern.cp_time: 1000 0 500 100 8400
kern.boottime: { sec = 1600696036, usec = 756028 } Mon Sep 21 13:47:16 2020
hw.physmem: 8547442688
vm.stats.vm.v_page_size: 4096
vm.stats.vm.v_free_count: 500000
vm.stats.vm.v_inactive_count: 300000
vm.stats.vm.v_cache_count: 0
`;
const HOST = "kern.osrelease: 14.1-RELEASE-p3\nhw.model: Intel(R) Xeon(R) CPU: E5\nhw.ncpu: 4\nkern.vm_guest: kvm\n";
const NETSTAT = `Name       Mtu Network       Address              Ipkts Ierrs Idrop     Ibytes    Opkts Oerrs     Obytes  Coll
vtnet0    1500 <Link#1>      58:9c:fc:0a:bb:cc   123456     0     0  987654321    65432     0   12345678     0
vtnet0       - 10.0.2.0/24   10.0.2.15           123400     -     -  987650000    65400     -   12340000     -
vtnet0       - fe80::%vtnet0 fe80::5a9c:fcff:f        0     -     -          0        5     -        380     -
igb1*     1500 <Link#2>      00:25:90:aa:bb:cd        0     0     0       1000        0     0       2000     0
lo0      16384 <Link#3>                              56     0     0       4567       56     0       4567     0
lo0          - 127.0.0.0/8   127.0.0.1               56     -     -       4567       56     -       4567     -
`;
const DF = `Filesystem         Type   1024-blocks     Used    Avail Capacity  Mounted on
/dev/gpt/rootfs    ufs       20307196  3862016 14820608    21%    /
devfs              devfs            1        1        0   100%    /dev
/dev/gpt/rootfs    nullfs    20307196  3862016 14820608    21%    /jail/root
zroot/ROOT/default zfs       99036272 11132688 87903584    11%    /zroot
zroot/home         zfs       90000000  2096416 87903584     2%    /home of all
fdescfs            fdescfs          1        1        0   100%    /dev/fd
tmpfs              tmpfs     20971520        4 20971516     0%    /tmp
/dev/da0s1         msdosfs    1000000  1200000  -200000   120%    /full
`;
const SWAP = `Device          1K-blocks     Used    Avail Capacity
/dev/gptid/286a4064-d329-11e7-a    419840       40   419800     0%
/dev/md2          1048576        0  1048576     0%
Total             1468416       40  1468376     0%
`;
const TCP = `Active Internet connections (including servers)
Proto Recv-Q Send-Q Local Address          Foreign Address        (state)
tcp4       0      0 10.0.2.15.22           10.0.2.2.53422         ESTABLISHED
tcp46      0      0 *.80                   *.*                    LISTEN
tcp6       0      0 *.22                   *.*                    LISTEN
`;
const PS = "  PID\n    0\n    1\n   42\n";
const SENSORS =
  "dev.cpu.0.%location: handle=x\ndev.cpu.0.temperature: 45.0C\ndev.cpu.1.temperature: 46.5C\nhw.acpi.thermal.tz0.temperature: 27.9C\nhw.acpi.thermal.tz0._CRT: 105.1C\n";

test("links, with and without addresses, by the columns of their headings", () => {
  expect(parseLinks(NETSTAT)).toEqual([
    { name: "vtnet0", received: 987_654_321, sent: 12_345_678 },
    { name: "igb1", received: 1000, sent: 2000 },
    { name: "lo0", received: 4567, sent: 4567 },
  ]);
  const old = NETSTAT.replaceAll("Idrop ", "").replaceAll(/ 0 {5}0 {3}/g, " 0   ");
  expect(parseLinks(old)[0]).toEqual({ name: "vtnet0", received: 987_654_321, sent: 12_345_678 });
  expect(parseLinks("")).toEqual([]);
});

test("file systems that hold files, each device once", () => {
  const spaces = parseFileSystems(DF);
  expect(spaces.map(({ path }) => path)).toEqual(["/", "/dev", "/jail/root", "/zroot", "/home of all", "/dev/fd", "/tmp", "/full"]);
  expect(countedSpaces(spaces, []).map(({ path, pool }) => [path, pool])).toEqual([
    ["/", "/dev/gpt/rootfs"],
    ["/zroot", "zfs zroot"],
    ["/home of all", "zfs zroot"],
    ["/full", "/dev/da0s1"],
  ]);
  expect(spaces.at(-1)?.free).toBe(0);
  expect(countedSpaces(spaces, ["/tmp"]).map(({ path }) => path)).toEqual(["/tmp"]);
});

test("swap, sockets, sensors", () => {
  expect(parseSwap(SWAP)).toEqual({ total: 1_468_416 * 1024, used: 40 * 1024 });
  expect(parseSwap("Device          1K-blocks     Used    Avail Capacity\n")).toEqual({ total: 0, used: 0 });
  expect(countSockets(TCP)).toBe(3);
  expect(temperaturesOf(parseSysctl(SENSORS))).toEqual([
    { name: "cpu_0", temperature: 45 },
    { name: "cpu_1", temperature: 46.5 },
    { name: "tz0", temperature: 27.9 },
  ]);
});

test.each([
  ["none", ""],
  ["generic", ""],
  ["hv", "hyperv"],
  ["bhyve", "bhyve"],
])("a guest of %s is told as %j", (guest, told) => {
  expect(guestOf(parseSysctl(`kern.vm_guest: ${guest}\n`))).toBe(told);
});

const SETTINGS = {
  hard_drive_partition_allowlist: [],
  nic_allowlist: {},
  gpu: true,
  temperature: true,
  skip_connection_count: false,
  skip_procs_count: false,
};

test("a host and its samples, by the system's own programs", async () => {
  const clock = createFakeClock(1_600_696_036_000 + 100_000);
  let kernel = KERNEL;
  const outputs = (file: string, args: readonly string[]): string => {
    const line = [file, ...args].join(" ");
    if (line.startsWith("/sbin/sysctl -i kern.cp_time")) return kernel;
    if (line.startsWith("/sbin/sysctl -i kern.osrelease")) return HOST;
    if (line === "/sbin/sysctl -i dev.cpu hw.acpi.thermal") return SENSORS;
    if (line === "/usr/bin/netstat -ibnW") return NETSTAT;
    if (line === "/usr/bin/netstat -an -p tcp") return TCP;
    if (line === "/usr/bin/netstat -an -p udp") return TCP.replaceAll("tcp", "udp");
    if (line === "/bin/df -kT") return DF;
    if (line === "/usr/sbin/swapinfo -k") return SWAP;
    if (line === "/bin/ps -axo pid") return PS;
    throw new Error(line);
  };
  const collector = createFreeBsdCollector({
    clock,
    run: (file, args) => Promise.resolve(outputs(file, args)),
    machine: "amd64",
    loadAverages: () => [1, 2, 3],
    version: "1.2.3",
    onError: (_, error) => expect.unreachable(String(error)),
  });
  const KIB = 1024;
  expect(await collector.host(SETTINGS)).toEqual({
    platform: "freebsd",
    platformVersion: "14.1-RELEASE-p3",
    cpu: ["Intel(R) Xeon(R) CPU: E5 4 Virtual Core"],
    memTotal: 8_547_442_688,
    diskTotal: (20_307_196 + 11_132_688 + 2_096_416 + 87_903_584 + 1_000_000) * KIB,
    swapTotal: 1_468_416 * KIB,
    arch: "amd64",
    virtualization: "kvm",
    bootTime: 1_600_696_036,
    version: "1.2.3",
    gpu: [],
  });
  await collector.sample(SETTINGS);
  await clock.advanceAsync(2_000);
  kernel = KERNEL.replace("1000 0 500 100 8400", "1100 0 500 100 8700");
  expect(await collector.sample(SETTINGS)).toEqual({
    cpu: 25,
    memUsed: 8_547_442_688 - 800_000 * 4096,
    swapUsed: 40 * KIB,
    diskUsed: (3_862_016 + 11_132_688 + 2_096_416 + 1_000_000) * KIB,
    netInTransfer: 987_654_321 + 1000,
    netOutTransfer: 12_345_678 + 2000,
    netInSpeed: 0,
    netOutSpeed: 0,
    uptime: 102,
    load1: 1,
    load5: 2,
    load15: 3,
    tcpConnCount: 3,
    udpConnCount: 3,
    processCount: 3,
    temperatures: [
      { name: "cpu_0", temperature: 45 },
      { name: "cpu_1", temperature: 46.5 },
      { name: "tz0", temperature: 27.9 },
    ],
    gpu: [],
    gpus: [],
  });
});

test("a host without any of these programs is all zero", async () => {
  const errors: string[] = [];
  const collector = createFreeBsdCollector({
    clock: createFakeClock(),
    run: () => Promise.reject(new Error("executable file not found")),
    machine: "amd64",
    loadAverages: () => [0, 0, 0],
    version: "1.2.3",
    onError: (reading) => errors.push(reading),
  });
  expect(await collector.host(SETTINGS)).toMatchObject({ memTotal: 0, bootTime: 0 });
  expect(await collector.sample(SETTINGS)).toMatchObject({ cpu: 0, memUsed: 0, netInTransfer: 0, uptime: 0 });
  expect(errors).toContain("sysctl");
});
