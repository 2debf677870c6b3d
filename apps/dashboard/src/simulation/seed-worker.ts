import { simulateReplicas } from "./replicas/simulate-replicas.ts";
import { simulate } from "./simulation.ts";

/**
 * Plays seeds of one dashboard (`one`) or of several (`replicas`), `count` of them from `first` on in steps of `step`, and prints those that
 * find something; the last line counts. A process of its own, so that every core has one.
 */
const [kind, ...numbers] = process.argv.slice(2);
const [first = 1, count = 1, step = 1] = numbers.map(Number);
const [play, option] =
  kind === "replicas" ? [(seed: number) => simulateReplicas(seed), "--replicas "] : [(seed: number) => simulate(seed), ""];
let failed = 0;
for (let nth = 0; nth < count; nth++) {
  const seed = first + nth * step;
  const findings = await play(seed).catch((error: unknown) => [error instanceof Error ? (error.stack ?? error.message) : String(error)]);
  if (findings.length === 0) continue;
  failed++;
  process.stdout.write(
    `FAIL seed ${seed}, again with: npm run simulate -- ${option}1 ${seed}\n${findings.map((finding) => `  ${finding}\n`).join("")}`,
  );
}
process.stdout.write(`${count - failed} passed, ${failed} failed\n`);
