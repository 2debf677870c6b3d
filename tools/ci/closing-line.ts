import { whatFailed } from "./what-failed.ts";
import { addCounts, readCounts } from "../results.ts";

/** Prints what failed, and the sum of all suites. Its argument is the number of steps that failed without a test to show for it. */
const broken = Number(process.argv[2] ?? 0);
for (const line of await whatFailed()) console.log(line);
const { passed, failed } = addCounts(await readCounts(), { passed: 0, failed: broken });
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0 || passed === 0) process.exitCode = 1;
