import { simulate } from "./simulation.ts";

/**
 * Plays seeds, `count` of them from `first` on in steps of `step`, and prints those that find something; the last line counts. A process
 * of its own, so that every core has one.
 */
const [first = 1, count = 1, step = 1] = process.argv.slice(2).map(Number);
let failed = 0;
for (let nth = 0; nth < count; nth++) {
  const seed = first + nth * step;
  const findings = await simulate(seed).catch((error: unknown) => [
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  ]);
  if (findings.length === 0) continue;
  failed++;
  process.stdout.write(
    `FAIL seed ${seed}, again with: npm run simulate -- 1 ${seed}\n${findings.map((finding) => `  ${finding}\n`).join("")}`,
  );
}
process.stdout.write(`${count - failed} passed, ${failed} failed\n`);
