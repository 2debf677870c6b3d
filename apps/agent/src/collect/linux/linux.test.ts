import { createFakeClock } from "@windfire/testkit";
import { describe, expect, test } from "vitest";
import { fakeFiles } from "../../testing/fake-files.ts";
import type { CollectSettings } from "../collector.ts";
import { hostRoots } from "../roots.ts";
import { createLinuxCollector } from "./collector.ts";
import { countSocketRows, parseSocketTotals } from "./connections.ts";
import { busyPercent, parseCpuTimes } from "./cpu.ts";
import { parseLoad } from "./load.ts";
import { parseMemory } from "./memory.ts";
import { countedMounts, parseDeviceKinds, parseMounts } from "./mounts.ts";
import { detectPlatform } from "./platform.ts";
import { countProcesses } from "./processes.ts";
import { parseProcessors } from "./processors.ts";
import { readTemperatures } from "./temperature.ts";
import { detectVirtualization } from "./virtualization.ts";

const ROOTS = hostRoots({});
const GIB = 1024 ** 3;

const STAT =
  "cpu  1000 200 300 8000 100 0 50 25 70 5\ncpu0 500 100 150 4000 50 0 25 12 35 2\nintr 1 2\nctxt 3\nbtime 1795422661\nprocesses 9\n";
const MEMINFO = `MemTotal:        8388608 kB
MemFree:         4194304 kB
MemAvailable:    6291456 kB
Buffers:          102400 kB
Cached:          2097152 kB
SwapCached:            0 kB
SwapTotal:       1048576 kB
SwapFree:         786432 kB
SReclaimable:      51200 kB
`;
const NET_DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:  351093     214    0    0    0     0          0         0   351093     214    0    0    0     0       0          0
  eth0: 1000000   40485    0    0    0     0          0         0   2000000   25536    0    0    0     0       0          0
 wlan0:1234567890123 1    0    0    0     0          0         0  10   1    0    0    0     0       0          0
docker0:  500       1    0    0    0     0          0         0   600       1    0    0    0     0       0          0
`;
const MOUNT_INFO = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
23 22 0:21 / /proc rw - proc proc rw
24 22 254:0 /srv/data /mnt/bound rw - ext4 /dev/vda1 rw
25 22 254:16 / /srv/my\\040disk rw - xfs /dev/vdb rw
26 22 254:16 / /srv/again rw - xfs /dev/vdb rw
27 22 0:40 /@ /home rw - btrfs /dev/vdc rw
28 22 0:40 /@home /home/x rw - btrfs /dev/vdc rw
29 22 254:48 / /var/lib/kubelet/pods/a rw - ext4 /dev/vdd rw
30 22 0:50 / /run tmpfs rw - tmpfs tmpfs rw
31 22 254:64 / /boot/efi rw - vfat /dev/vde rw
32 22 0:60 / /overlay rw - overlay overlay rw
33 22 0:70 / /pool rw - zfs pool rw
34 22 0:71 / /pool/a rw - zfs pool/a rw
`;
const FILE_SYSTEMS = "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\toverlay\n\text4\n\txfs\n\tbtrfs\n\tvfat\n";
const CPU_INFO = [0, 1, 2]
  .map((index) => `processor\t: ${index}\nvendor_id\t: GenuineIntel\nmodel\t\t: 85\nmodel name\t: Intel(R) Xeon(R) CPU\nphysical id\t: 0\n`)
  .join("\n");

describe("processor time", () => {
  test.each<[string, { total: number; busy: number } | undefined]>([
    [STAT, { total: 9675, busy: 1575 }],
    ["cpu  1 2 3 4\n", undefined],
    ["cpu0 1 2 3 4 5\n", undefined],
    ["cpu  1 2 x 4 5 6 7 8\n", undefined],
    ["", undefined],
  ])("%j", (text, times) => {
    expect(parseCpuTimes(text)).toEqual(times);
  });

  test.each<[string, number, number, number]>([
    ["half busy", 100, 50, 50],
    ["nothing grew", 0, 0, 0],
    ["busy shrank", 100, -1, 0],
    ["only busy grew", 0, 10, 100],
    ["more busy than total", 10, 20, 100],
  ])("%s", (_, total, busy, percent) => {
    expect(busyPercent({ total: 1000, busy: 500 }, { total: 1000 + total, busy: 500 + busy })).toBe(percent);
  });
});

test.each<[string, string, Partial<ReturnType<typeof parseMemory>>]>([
  ["as the kernel says", MEMINFO, { total: 8 * GIB, used: 2 * GIB, swapTotal: GIB, swapUsed: GIB / 4 }],
  ["without MemAvailable", MEMINFO.replace(/MemAvailable.*\n/, ""), { used: 8 * GIB - 4 * GIB - 2 * GIB - 51_200 * 1024 }],
  ["available above total", MEMINFO.replace("6291456", "9999999"), { used: 4 * GIB }],
  ["nothing", "", { total: 0, used: 0, swapTotal: 0, swapUsed: 0 }],
])("memory %s", (_, text, expected) => {
  expect(parseMemory(text)).toMatchObject(expected);
});

test.each<[string, ReturnType<typeof parseLoad>]>([
  ["0.08 0.03 1.50 2/123 456\n", { load1: 0.08, load5: 0.03, load15: 1.5 }],
  ["0.08", undefined],
  ["", undefined],
])("load %j", (text, load) => {
  expect(parseLoad(text)).toEqual(load);
});

test("sockets are the totals of both families, with those in TIME_WAIT", () => {
  const sockstat =
    "sockets: used 700\nTCP: inuse 40 orphan 3 tw 7 alloc 50 mem 9\nUDP: inuse 5 mem 2\nUDPLITE: inuse 0\nRAW: inuse 0\nFRAG: inuse 0 memory 0\n";
  const sockstat6 = "TCP6: inuse 4\nUDP6: inuse 2\nUDPLITE6: inuse 0\nRAW6: inuse 1\nFRAG6: inuse 0 memory 0\n";
  expect(parseSocketTotals(sockstat, sockstat6)).toEqual({ tcp: 51, udp: 7 });
  expect(parseSocketTotals(sockstat, undefined)).toEqual({ tcp: 47, udp: 5 });
  expect(parseSocketTotals(undefined, sockstat6)).toBeUndefined();
});

test.each<[string | undefined, number]>([
  ["  sl  local_address\n   0: 0100007F:1F90\n   1: 0100007F:1F91\n", 2],
  ["  sl  local_address\n", 0],
  [undefined, 0],
])("socket table %j has %i rows", (table, rows) => {
  expect(countSocketRows(table)).toBe(rows);
});

test("processes are the numbers in /proc", () => {
  expect(countProcesses(["1", "42", "4711", "self", "net", "acpi", "0x"])).toBe(3);
});

test("mounts that count: the first of each device, no bind mounts, no memory", () => {
  const mounts = countedMounts(parseMounts(MOUNT_INFO, parseDeviceKinds(FILE_SYSTEMS)));
  expect(mounts).toEqual([
    { device: "/dev/vda1", path: "/", kind: "ext4" },
    { device: "/dev/vdb", path: "/srv/my disk", kind: "xfs" },
    { device: "/dev/vdc", path: "/home", kind: "btrfs" },
    { device: "pool", path: "/pool", kind: "zfs" },
    { device: "pool/a", path: "/pool/a", kind: "zfs" },
  ]);
});

test.each<[string, string, { model: string; count: number }[]]>([
  ["one model", CPU_INFO, [{ model: "Intel(R) Xeon(R) CPU", count: 3 }]],
  [
    "ARM parts",
    "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd03\n\nprocessor\t: 1\nCPU implementer\t: 0x41\nCPU part\t: 0xd08\n\nHardware\t: BCM2711\n",
    [
      { model: "Cortex-A53", count: 1 },
      { model: "Cortex-A72", count: 1 },
    ],
  ],
  [
    "ARM with a name",
    "processor\t: 0\nmodel name\t: ARMv7 Processor rev 4 (v7l)\nCPU implementer\t: 0x41\nCPU part\t: 0xd03\n",
    [{ model: "ARMv7 Processor rev 4 (v7l)", count: 1 }],
  ],
  ["unknown part", "processor\t: 0\nCPU implementer\t: 0x99\nCPU part\t: 0x1\n", [{ model: "", count: 1 }]],
  ["nothing", "", []],
])("processors: %s", (_, text, expected) => {
  expect(parseProcessors(text)).toEqual(expected);
});

test.each<[Record<string, string>, string, string]>([
  [{ debian_version: "12.5\n", "os-release": 'ID=debian\nVERSION_ID="12"\n' }, "debian", "12.5"],
  [{ debian_version: "bookworm/sid\n", "lsb-release": "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=22.04\n" }, "ubuntu", "22.04"],
  [{ debian_version: "11\n", "lsb-release": 'DISTRIB_ID="LinuxMint"\nDISTRIB_RELEASE=21\n' }, "linuxmint", "21"],
  [{ "redhat-release": "Red Hat Enterprise Linux release 9.3 (Plow)\n" }, "redhat", "9.3"],
  [{ "redhat-release": "CentOS Linux release 7.9.2009 (Core)\n" }, "centos", "7.9.2009"],
  [{ "redhat-release": "Rocky Linux release 8.9\n" }, "rocky", "8.9"],
  [{ "system-release": "Fedora release 40 (Forty)\n" }, "fedora", "40"],
  [{ "redhat-release": "Fedora release 41 (Rawhide)\n" }, "fedora", "rawhide"],
  [{ "oracle-release": "Oracle Linux Server release 8.8\n", "redhat-release": "Red Hat Enterprise Linux release 8.8\n" }, "oracle", "8.8"],
  [{ "arch-release": "" }, "arch", ""],
  [{ "alpine-release": "3.19.1\n", "os-release": "ID=alpine\n" }, "alpine", "3.19.1"],
  [{ "SuSE-release": "openSUSE 13.2 (x86_64)\nVERSION = 13.2\n" }, "opensuse", "13.2"],
  [{ "gentoo-release": "Gentoo Base System release 2.14\n" }, "gentoo", "2.14"],
  [{ "slackware-version": "Slackware 15.0\n" }, "slackware", "15.0"],
  [{ "os-release": 'NAME="Amazon Linux"\nID="amzn"\nVERSION_ID="2023"\n' }, "amazon", "2023"],
  [{ "os-release": "ID='nixos'\nVERSION_ID=\"24.05\"\n" }, "nixos", "24.05"],
  [{ "lsb-release": "DISTRIB_ID=Strange\nDISTRIB_RELEASE=1\n" }, "strange", "1"],
  [{}, "", ""],
])("%j is %s %s", (etc, platform, version) => {
  const files = fakeFiles(Object.fromEntries(Object.entries(etc).map(([name, text]) => [`/etc/${name}`, text])));
  expect(detectPlatform(files, ROOTS)).toEqual({ platform, version });
});

test("a Raspberry Pi is told by its tool", () => {
  expect(detectPlatform(fakeFiles({ "/etc/debian_version": "12.4", "/usr/bin/raspi-config": "" }), ROOTS).platform).toBe("raspbian");
});

test.each<[Record<string, string>, string, string]>([
  [{}, "", ""],
  [{ "/proc/cpuinfo": "model name : QEMU Virtual CPU version 2.5+" }, "kvm", "guest"],
  [{ "/proc/modules": "kvm_intel 1 0 - Live\nkvm 2 1 - Live" }, "kvm", "host"],
  [{ "/proc/modules": "kvm 2 1", "/proc/bus/pci/devices": "0008 1af41000 virtio-pci" }, "kvm", "guest"],
  [{ "/proc/modules": "hv_utils 1" }, "hyperv", "guest"],
  [{ "/proc/modules": "vmware_balloon 1" }, "vmware", "guest"],
  [{ "/proc/xen/capabilities": "control_d\n" }, "xen", "host"],
  [{ "/proc/xen/privcmd": "" }, "xen", "guest"],
  [{ "/proc/vz/x": "" }, "openvz", "guest"],
  [{ "/proc/bc/0/x": "", "/proc/vz/x": "" }, "openvz", "host"],
  [{ "/proc/self/status": "Name: x\nVxID: 1\n" }, "linux-vserver", ""],
  [{ "/proc/1/environ": "a=b\0container=lxc\0" }, "lxc", "guest"],
  [{ "/proc/self/cgroup": "1:name=systemd:/docker/abc\n" }, "docker", "guest"],
  [{ "/usr/bin/lxc-version": "" }, "lxc", "host"],
  [{ "/etc/os-release": "ID=coreos\n" }, "rkt", "host"],
  [{ "/.dockerenv": "", "/proc/modules": "kvm 1" }, "docker", "guest"],
])("%j is %s %s", (texts, system, role) => {
  expect(detectVirtualization(fakeFiles(texts), ROOTS)).toEqual({ system, role });
});

describe("temperatures", () => {
  test("hwmon sensors by chip and label, in order, without the cold and the nameless", async () => {
    const hwmon = "/sys/class/hwmon";
    const { sensors } = fakeFiles({
      [`${hwmon}/hwmon1/name`]: "coretemp\n",
      [`${hwmon}/hwmon1/temp2_input`]: "45500\n",
      [`${hwmon}/hwmon1/temp2_label`]: "Core 0\n",
      [`${hwmon}/hwmon1/temp1_input`]: "47000\n",
      [`${hwmon}/hwmon1/temp1_label`]: "Package id 0\n",
      [`${hwmon}/hwmon1/temp3_input`]: "-1000\n",
      [`${hwmon}/hwmon1/fan1_input`]: "1200\n",
      [`${hwmon}/hwmon0/name`]: "acpitz\n",
      [`${hwmon}/hwmon0/device/temp1_input`]: "27800\n",
      [`${hwmon}/hwmon0/device/name`]: "acpitz\n",
      "/sys/class/thermal/thermal_zone0/type": "x86_pkg_temp\n",
      "/sys/class/thermal/thermal_zone0/temp": "50000\n",
    });
    expect(await readTemperatures(sensors, "/sys")).toEqual([
      { name: "acpitz", temperature: 27.8 },
      { name: "coretemp_core_0", temperature: 45.5 },
      { name: "coretemp_package_id_0", temperature: 47 },
    ]);
  });

  test("thermal zones where there is no hwmon", async () => {
    const { sensors } = fakeFiles({
      "/sys/class/thermal/thermal_zone0/type": "cpu-thermal\n",
      "/sys/class/thermal/thermal_zone0/temp": "51540\n",
      "/sys/class/thermal/cooling_device0/type": "fan",
    });
    expect(await readTemperatures(sensors, "/sys")).toEqual([{ name: "cpu-thermal", temperature: 51.54 }]);
  });

  test.each(["127000", "65261850", "-128000", "0", "125001"])("an input at %s is connected to nothing", async (value) => {
    const { sensors } = fakeFiles({
      "/sys/class/hwmon/hwmon0/name": "it87",
      "/sys/class/hwmon/hwmon0/temp1_input": value,
      "/sys/class/hwmon/hwmon0/temp2_input": "125000",
    });
    expect(await readTemperatures(sensors, "/sys")).toEqual([{ name: "it87", temperature: 125 }]);
  });
});

describe("the whole host", () => {
  const SETTINGS: CollectSettings = {
    hard_drive_partition_allowlist: [],
    nic_allowlist: {},
    gpu: false,
    temperature: false,
    skip_connection_count: false,
    skip_procs_count: false,
  };
  const TEXTS = {
    "/proc/stat": STAT,
    "/proc/meminfo": MEMINFO,
    "/proc/loadavg": "0.50 0.40 0.30 1/99 1234\n",
    "/proc/net/dev": NET_DEV,
    "/proc/net/sockstat": "TCP: inuse 10 orphan 0 tw 1 alloc 1 mem 0\nUDP: inuse 3 mem 0\n",
    "/proc/1/mountinfo": MOUNT_INFO,
    "/proc/filesystems": FILE_SYSTEMS,
    "/proc/cpuinfo": CPU_INFO,
    "/proc/self/status": "",
    "/etc/debian_version": "12.5\n",
  };
  const spaces: Record<string, { total: number; free: number }> = {
    "/": { total: 100, free: 40 },
    "/srv/my disk": { total: 200, free: 150 },
    "/pool": { total: 60, free: 50 },
    "/pool/a": { total: 70, free: 50 },
  };

  function collector(texts: Record<string, string>, now = 1_795_422_661_000 + 60_000) {
    const clock = createFakeClock(now);
    const files = fakeFiles(texts);
    return {
      clock,
      collector: createLinuxCollector({
        clock,
        files,
        sensors: files.sensors,
        roots: ROOTS,
        spaceOf: (path) => Promise.resolve(spaces[path]),
        readGpu: () => Promise.resolve({ names: ["Card"], usage: [7] }),
        machine: "x86_64",
        version: "1.2.3",
        onError: () => expect.unreachable(),
      }),
    };
  }

  test("host", async () => {
    expect(await collector(TEXTS).collector.host(SETTINGS)).toEqual({
      platform: "debian",
      platformVersion: "12.5",
      cpu: ["Intel(R) Xeon(R) CPU 3 Physical Core"],
      memTotal: 8 * GIB,
      diskTotal: 60 + 40 + 200 + 10 + 20 + 50,
      swapTotal: GIB,
      arch: "x86_64",
      virtualization: "",
      bootTime: 1_795_422_661,
      version: "1.2.3",
      gpu: [],
    });
  });

  test("a sample, and the speeds of the next one", async () => {
    const texts = { ...TEXTS };
    const { collector: linux, clock } = collector(texts);
    expect(await linux.sample(SETTINGS)).toEqual({
      cpu: (1575 / 9675) * 100,
      memUsed: 2 * GIB,
      swapUsed: GIB / 4,
      diskUsed: 60 + 50 + 10 + 20,
      netInTransfer: 1_000_000 + 1_234_567_890_123,
      netOutTransfer: 2_000_010,
      netInSpeed: 0,
      netOutSpeed: 0,
      uptime: 60,
      load1: 0.5,
      load5: 0.4,
      load15: 0.3,
      tcpConnCount: 11,
      udpConnCount: 3,
      processCount: 1,
      temperatures: [],
      gpu: [],
      gpus: [],
    });
    clock.advance(2_500);
    texts["/proc/net/dev"] = NET_DEV.replace("1000000 ", "1005000 ").replace("2000000 ", "2000005 ");
    texts["/proc/stat"] = STAT.replace("1000 200 300 8000", "1050 200 300 8050");
    expect(await linux.sample(SETTINGS)).toMatchObject({ cpu: 50, netInSpeed: 2000, netOutSpeed: 2, uptime: 62 });
  });

  test("what is switched off is zero, allow lists count", async () => {
    const settings = {
      ...SETTINGS,
      skip_connection_count: true,
      skip_procs_count: true,
      nic_allowlist: { docker0: true, eth0: false },
      hard_drive_partition_allowlist: ["/", "/", "/gone"],
    };
    expect(await collector(TEXTS).collector.sample(settings)).toMatchObject({
      tcpConnCount: 0,
      udpConnCount: 0,
      processCount: 0,
      netInTransfer: 500,
      netOutTransfer: 600,
      diskUsed: 120,
    });
  });

  test("graphics adapters when asked for", async () => {
    const { collector: linux } = collector(TEXTS);
    const settings = { ...SETTINGS, gpu: true };
    expect((await linux.host(settings)).gpu).toEqual(["Card"]);
    expect((await linux.sample(settings)).gpu).toEqual([7]);
  });

  test("a container without disks counts the file system of its root; its start follows from its own uptime", async () => {
    const texts = {
      ...TEXTS,
      "/.dockerenv": "",
      "/proc/1/mountinfo": "1 0 0:5 / / rw - overlay overlay rw\n",
      "/proc/uptime": "30.25 10.00\n",
    };
    const { collector: linux, clock } = collector(texts);
    const host = await linux.host(SETTINGS);
    expect(host).toMatchObject({
      diskTotal: 100,
      virtualization: "docker",
      bootTime: 1_795_422_661 + 30,
      cpu: ["Intel(R) Xeon(R) CPU 3 Virtual Core"],
    });
    clock.advance(10_000);
    texts["/proc/uptime"] = "40.90 10.00\n";
    expect((await linux.host(SETTINGS)).bootTime).toBe(host.bootTime);
  });

  test("a container counts what it may use", async () => {
    const texts: Record<string, string> = {
      ...TEXTS,
      "/.dockerenv": "",
      "/proc/uptime": "30.25 10.00\n",
      "/proc/self/cgroup": "0::/\n",
      "/sys/fs/cgroup/cgroup.controllers": "",
      "/sys/fs/cgroup/memory.max": `${GIB}`,
      "/sys/fs/cgroup/memory.current": `${GIB / 2}`,
      "/sys/fs/cgroup/cpu.max": "50000 100000",
      "/sys/fs/cgroup/cpu.stat": "usage_usec 1000000\n",
    };
    const { collector: linux, clock } = collector(texts);
    expect((await linux.host(SETTINGS)).memTotal).toBe(GIB);
    await linux.sample(SETTINGS);
    clock.advance(2_000);
    texts["/sys/fs/cgroup/cpu.stat"] = "usage_usec 1250000\n";
    const { memUsed, cpu } = await linux.sample(SETTINGS);
    expect(memUsed).toBe(GIB / 2);
    expect(cpu).toBeCloseTo(25, 9);
  });

  test("an agent in a container that is shown its host counts that", async () => {
    const texts = Object.fromEntries(Object.entries(TEXTS).map(([path, text]) => [`/host${path}`, text]));
    const files = fakeFiles({ ...texts, "/.dockerenv": "", "/proc/stat": "" });
    const asked: string[] = [];
    const linux = createLinuxCollector({
      clock: createFakeClock(1_795_422_661_000 + 60_000),
      files,
      sensors: files.sensors,
      roots: hostRoots({ HOST_PROC: "/host/proc", HOST_SYS: "/host/sys", HOST_ETC: "/host/etc", HOST_ROOT: "/host/" }),
      spaceOf: (path) => {
        asked.push(path);
        return Promise.resolve(spaces[path.replace("/host", "")]);
      },
      readGpu: undefined,
      machine: "x86_64",
      version: "1.2.3",
      onError: () => expect.unreachable(),
    });
    expect(await linux.host(SETTINGS)).toMatchObject({
      platform: "debian",
      virtualization: "",
      bootTime: 1_795_422_661,
      memTotal: 8 * GIB,
    });
    expect(asked).toContain("/host/");
    expect(asked.every((path) => path.startsWith("/host/"))).toBe(true);
  });

  test("the start of the host follows a clock that is set after boot, and no rounding", async () => {
    const texts = { ...TEXTS, "/proc/stat": STAT.replace("1795422661", "30") };
    const { collector: linux } = collector(texts);
    expect((await linux.host(SETTINGS)).bootTime).toBe(30);
    texts["/proc/stat"] = STAT;
    expect((await linux.host(SETTINGS)).bootTime).toBe(1_795_422_661);
    texts["/proc/stat"] = STAT.replace("1795422661", "1795422663");
    expect((await linux.host(SETTINGS)).bootTime).toBe(1_795_422_661);
    texts["/proc/stat"] = STAT.replace("1795422661", "1795422561");
    expect((await linux.host(SETTINGS)).bootTime).toBe(1_795_422_561);
    expect((await linux.sample(SETTINGS)).uptime).toBe(160);
    texts["/proc/stat"] = "";
    expect((await linux.host(SETTINGS)).bootTime).toBe(1_795_422_561);
  });

  test("a host that shows nothing is all zero", async () => {
    const { collector: linux } = collector({});
    expect(await linux.sample(SETTINGS)).toMatchObject({
      cpu: 0,
      memUsed: 0,
      load1: 0,
      tcpConnCount: 0,
      netInTransfer: 0,
      processCount: 0,
    });
    expect(await linux.host(SETTINGS)).toMatchObject({ platform: "", cpu: [], memTotal: 0 });
  });
});
