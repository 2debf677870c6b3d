import { access, constants, mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { addCounts, NO_COUNTS, parseClosingLine, writeCounts } from "./results.ts";
import type { Counts } from "./results.ts";
import { runNode } from "./run-node.ts";

/**
 * `npm run simulate [-- [--replicas] [count [first]]]`: the fleet of `apps/dashboard/src/simulation` by so many seeds, with `--replicas` on
 * several dashboards of one installation; a process on each core.
 * Databases lie in memory where the system has a folder for that: nothing is synced to a disk thousands of times.
 */
const MEMORY_FOLDER = "/dev/shm";

const root = join(import.meta.dirname, "..");
const { values, positionals } = parseArgs({ options: { replicas: { type: "boolean", default: false } }, allowPositionals: true });
const kind = values.replicas ? "replicas" : "one";
const [count = values.replicas ? 1_000 : 10_000, first = 1] = positionals.map(Number);
if (!Number.isSafeInteger(count) || !Number.isSafeInteger(first) || count < 1) {
  console.error(`simulate: ${positionals.join(" ")}: must be how many seeds, and the first of them`);
  process.exit(2);
}
const began = performance.now();
const memory = await access(MEMORY_FOLDER, constants.W_OK).then(
  () => MEMORY_FOLDER,
  () => tmpdir(),
);
const folder = await mkdtemp(join(memory, "windfire-simulate-"));
const workers = Math.max(1, Math.min(availableParallelism(), count));

/** Every `workers`-th seed. */
async function play(worker: number): Promise<Counts> {
  const seeds = Math.ceil((count - worker) / workers);
  const program = join(root, "apps", "dashboard", "src", "simulation", "seed-worker.ts");
  let output = "";
  const code = await runNode({
    args: [program, kind, String(first + worker), String(seeds), String(workers)],
    cwd: root,
    env: { TMPDIR: folder },
    onOutput: (text) => void (output += text),
  });
  const counts = parseClosingLine(output);
  // A process that died says nothing of the seeds it did not come to.
  return counts && code === 0 ? counts : { passed: 0, failed: seeds };
}

try {
  const all = await Promise.all(Array.from({ length: workers }, (_, worker) => play(worker)));
  const counts = all.reduce(addCounts, NO_COUNTS);
  const seconds = (performance.now() - began) / 1000;
  console.log(`${count} seeds from ${first} on, ${workers} processes, ${seconds.toFixed(0)} s`);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  await writeCounts(values.replicas ? "simulate-replicas" : "simulate", counts);
  if (counts.failed > 0) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
