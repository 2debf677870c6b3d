import { expect, test } from "vitest";
import { fakeFiles } from "../../testing/fake-files.ts";
import { hostRoots } from "../roots.ts";
import { createGroupReader, createShareMeter, limitMemory } from "./cgroup.ts";

const MIB = 1024 ** 2;
const V2 = {
  "/.dockerenv": "",
  "/proc/self/cgroup": "0::/\n",
  "/sys/fs/cgroup/cgroup.controllers": "cpu memory\n",
  "/sys/fs/cgroup/memory.max": `${512 * MIB}\n`,
  "/sys/fs/cgroup/memory.current": `${300 * MIB}\n`,
  "/sys/fs/cgroup/memory.stat": `anon 1\ninactive_file ${100 * MIB}\n`,
  "/sys/fs/cgroup/memory.swap.max": "0\n",
  "/sys/fs/cgroup/memory.swap.current": "0\n",
  "/sys/fs/cgroup/cpu.max": "150000 100000\n",
  "/sys/fs/cgroup/cpu.stat": "usage_usec 2000000\nuser_usec 1\n",
};
const V1 = {
  "/.dockerenv": "",
  "/proc/self/cgroup": "12:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n",
  "/sys/fs/cgroup/memory/memory.limit_in_bytes": `${256 * MIB}\n`,
  "/sys/fs/cgroup/memory/memory.usage_in_bytes": `${200 * MIB}\n`,
  "/sys/fs/cgroup/memory/memory.stat": `cache 1\ntotal_inactive_file ${50 * MIB}\n`,
  "/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes": `${384 * MIB}\n`,
  "/sys/fs/cgroup/memory/memory.memsw.usage_in_bytes": `${210 * MIB}\n`,
  "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000\n",
  "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
  "/sys/fs/cgroup/cpuacct/cpuacct.usage": "3000000000\n",
};
const read = (texts: Record<string, string>, environment = {}) => createGroupReader(fakeFiles(texts), hostRoots(environment))();

test("version 2", () => {
  expect(read(V2)).toEqual({
    memory: { limit: 512 * MIB, used: 200 * MIB },
    swap: { limit: 0, used: 0 },
    cpu: { processors: 1.5, usedMs: 2000 },
  });
  expect(read({ ...V2, "/sys/fs/cgroup/memory.max": "max\n", "/sys/fs/cgroup/cpu.max": "max 100000\n" })).toMatchObject({
    memory: undefined,
    cpu: undefined,
  });
});

test("the group of the process comes before the one that is mounted", () => {
  const texts = {
    ...V2,
    "/proc/self/cgroup": "0::/kubepods/x\n",
    "/sys/fs/cgroup/kubepods/x/memory.max": `${64 * MIB}`,
    "/sys/fs/cgroup/kubepods/x/memory.current": `${32 * MIB}`,
  };
  expect(read(texts)?.memory).toEqual({ limit: 64 * MIB, used: 32 * MIB });
});

test("version 1", () => {
  expect(read(V1)).toEqual({
    memory: { limit: 256 * MIB, used: 150 * MIB },
    swap: { limit: 128 * MIB, used: 10 * MIB },
    cpu: { processors: 0.5, usedMs: 3000 },
  });
  expect(read({ ...V1, "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n" })?.cpu).toBeUndefined();
});

test("only an agent that watches the container it lives in has limits", () => {
  const { "/.dockerenv": _, ...bare } = V2;
  expect(read(bare)).toBeUndefined();
  expect(read({ ...bare, "/run/.containerenv": "" })).toBeDefined();
  expect(read(V2, { HOST_PROC: "/host/proc" })).toBeUndefined();
  expect(read({ "/.dockerenv": "" })).toEqual({ memory: undefined, swap: undefined, cpu: undefined });
});

test("the machine's memory is cut to the limit, and a limit beyond the machine is none", () => {
  const machine = { total: 1000, used: 900, swapTotal: 100, swapUsed: 50 };
  const none = { memory: undefined, swap: undefined, cpu: undefined };
  expect(limitMemory(machine, undefined)).toEqual(machine);
  expect(limitMemory(machine, none)).toEqual(machine);
  expect(limitMemory(machine, { ...none, memory: { limit: 400, used: 500 }, swap: { limit: 0, used: 0 } })).toEqual({
    total: 400,
    used: 400,
    swapTotal: 0,
    swapUsed: 0,
  });
  expect(limitMemory(machine, { ...none, memory: { limit: 9_223_372_036_854_771_712, used: 5 } })).toEqual(machine);
});

test("processor time is a share of what may be used", () => {
  const meter = createShareMeter();
  expect(meter.read({ processors: 0.5, usedMs: 1000 }, 0)).toBeUndefined();
  expect(meter.read({ processors: 0.5, usedMs: 1250 }, 1000)).toBe(50);
  expect(meter.read({ processors: 0.5, usedMs: 9000 }, 2000)).toBe(100);
  expect(meter.read({ processors: 0.5, usedMs: 10 }, 3000)).toBe(0);
  expect(meter.read(undefined, 4000)).toBeUndefined();
});
