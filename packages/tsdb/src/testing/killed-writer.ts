/**
 * Entry of a process that a test kills: writes ten samples a slot as fast as it can, with everything that happens to a store in between,
 * and prints the number of samples that were certainly on disk.
 */
import { CONTRACT_FAMILIES, CONTRACT_START } from "./contract-families.ts";
import { nodeDisk } from "../files/disk.ts";
import { openStore } from "../store.ts";
import { TEST_LIMITS } from "./test-limits.ts";

const [folder = "", round = "0"] = process.argv.slice(2);
const SLOT = 30_000;
const time = { now: CONTRACT_START + Number(round) * 86_400_000, monotonic: 0 };
const store = await openStore({
  folder,
  families: CONTRACT_FAMILIES,
  limits: TEST_LIMITS,
  disk: nodeDisk,
  clock: { now: () => time.now, monotonic: () => time.monotonic },
  headBytes: 1,
});
for (let samples = 0; ;) {
  for (let sample = 0; sample < 10; sample++) {
    store.append("probe", 1, time.now + sample * 3_000, [1, 1]);
    store.append("host", 1, time.now + sample * 3_000, [1, 1]);
    samples++;
  }
  time.now += SLOT;
  time.monotonic += SLOT;
  await store.maintain();
  if (samples % 100 !== 0) continue;
  await store.flush();
  process.stdout.write(`${samples}\n`);
}
