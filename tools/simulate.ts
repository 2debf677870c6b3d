import { join } from "node:path";
import { runNode } from "./run-node.ts";

/** `npm run simulate [-- count [first]]`: the fleet of `features/alerts/testing/simulation.ts` by so many seeds. */
const root = join(import.meta.dirname, "..");
const [count = "10000", first = "1"] = process.argv.slice(2);
const args = [
  join("node_modules", "vitest", "vitest.mjs"),
  "run",
  "apps/dashboard/src/features/alerts/simulation.test.ts",
  "--reporter=dot",
];
process.exitCode = await runNode({ args, cwd: root, env: { SIMULATE_COUNT: count, SIMULATE_FIRST: first } });
