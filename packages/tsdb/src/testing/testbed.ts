import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONTRACT_FAMILIES, CONTRACT_START } from "./contract-families.ts";
import type { StoreUnderTest } from "./store-under-test.ts";
import { nodeDisk, type Disk } from "../files/disk.ts";
import { TEST_LIMITS } from "./test-limits.ts";
import type { Store, StoreLimits } from "../store-types.ts";
import { openStore } from "../store.ts";

/** An embedded store in a temporary folder with a clock that the test moves. */
export interface Testbed extends StoreUnderTest {
  readonly folder: string;
  store: Store;
  /** Wall clock and running time; a test may move the wall clock alone. */
  readonly time: { now: number; monotonic: number };
  /** Opens the folder again without closing it first, as after a crash. */
  crash(): Promise<Store>;
}

export interface TestbedOptions {
  readonly disk?: Disk;
  readonly limits?: Partial<StoreLimits>;
  readonly headBytes?: number;
  readonly keptBytes?: number;
}

/** The machine's file system without waiting for the disk: no test pulls the plug. */
export const quickDisk: Disk = {
  ...nodeDisk,
  open: (path, mode) => ({ ...nodeDisk.open(path, mode), sync: () => Promise.resolve() }),
  syncFolder: () => Promise.resolve(),
};

export async function makeTestbed(options: TestbedOptions = {}): Promise<Testbed> {
  const folder = await mkdtemp(join(tmpdir(), "tsdb-"));
  const time = { now: CONTRACT_START, monotonic: 0 };
  const open = (): Promise<Store> =>
    openStore({
      folder,
      families: CONTRACT_FAMILIES,
      limits: { ...TEST_LIMITS, ...options.limits },
      disk: options.disk ?? quickDisk,
      clock: { now: () => time.now, monotonic: () => time.monotonic },
      ...(options.headBytes === undefined ? {} : { headBytes: options.headBytes }),
      ...(options.keptBytes === undefined ? {} : { keptBytes: options.keptBytes }),
      breathe: () => Promise.resolve(),
    });
  const bed: Testbed = {
    folder,
    time,
    store: await open(),
    advance: async (ms) => {
      time.now += ms;
      time.monotonic += ms;
      await bed.store.maintain();
    },
    reopen: async () => {
      await bed.store.close();
      bed.store = await open();
      return bed.store;
    },
    crash: async () => {
      bed.store = await open();
      return bed.store;
    },
    dispose: async () => {
      await bed.store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return bed;
}
