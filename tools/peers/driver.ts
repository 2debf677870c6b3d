import { linesAboutFailures } from "../ci/what-failed.ts";
import { addCounts, parseClosingLine } from "../results.ts";
import type { Counts } from "../results.ts";

/** Why a line about a failure is none: what is recorded there cannot be met. Undefined where it is one. */
export type Excuse = (line: string) => string | undefined;

export interface Judged {
  readonly counts: Counts;
  /** The lines about what failed and is not excused. */
  readonly failures: readonly string[];
  /** Why something was excused, each reason once. */
  readonly reasons: readonly string[];
}

/** A run that ended without its closing line has failed at least once, whatever it counted before. */
export const BROKEN: Counts = { passed: 0, failed: 1 };

/** What the run of a driver is taken for, by what it printed and its exit code. Each excused line is one failure less. */
export function judgeDriver(output: string, code: number, excuse: Excuse): Judged {
  const closing = parseClosingLine(output);
  const excused = output.split("\n").flatMap((line) => excuse(line) ?? []);
  const reasons = [...new Set(excused)];
  const failures = linesAboutFailures(output).filter((line) => excuse(line) === undefined);
  const broken = (counts: Counts, how: string): Judged => ({
    counts,
    failures: [...failures, `FAIL a driver ended with code ${code} ${how}`],
    reasons,
  });
  if (closing === undefined) return broken(BROKEN, "before its last line");
  if (code !== 0 && closing.failed === 0) return broken(addCounts(closing, BROKEN), "and told of no failure");
  const counts = { ...closing, failed: closing.failed - excused.length };
  return { counts, failures: counts.failed === 0 ? [] : failures, reasons };
}
