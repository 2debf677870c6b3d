import { linesAboutFailures } from "../ci/what-failed.ts";
import { addCounts, parseClosingLine } from "../results.ts";
import type { Counts } from "../results.ts";

/** Whether a line about a failure is none: what is recorded there cannot be met. */
export type Excuse = (line: string) => boolean;

export interface Judged {
  readonly counts: Counts;
  /** The lines about what failed and is not excused. */
  readonly failures: readonly string[];
}

/** A run that ended without its closing line has failed at least once, whatever it counted before. */
export const BROKEN: Counts = { passed: 0, failed: 1 };

/** What the run of a driver is taken for, by what it printed and its exit code. Each excused line is one failure less. */
export function judgeDriver(output: string, code: number, excused: Excuse): Judged {
  const closing = parseClosingLine(output);
  const lines = output.split("\n");
  const failures = linesAboutFailures(output).filter((line) => !excused(line));
  if (closing === undefined)
    return { counts: BROKEN, failures: [...failures, `FAIL a driver ended with code ${code} before its last line`] };
  if (code !== 0 && closing.failed === 0) {
    return { counts: addCounts(closing, BROKEN), failures: [...failures, `FAIL a driver ended with code ${code} and told of no failure`] };
  }
  const counts = { ...closing, failed: closing.failed - lines.filter(excused).length };
  return { counts, failures: counts.failed === 0 ? [] : failures };
}
