import type { Counts } from "../results.ts";

/** Reads the end of Schemathesis' report: operations it tested and failures it found. Undefined when it did not get that far. */
export function readSummary(report: string): Counts | undefined {
  const tested = /^ *Tested: (\d+)$/m.exec(report)?.[1];
  if (tested === undefined) return undefined;
  const failures = /, \d+ found (\d+) unique failures?/.exec(report)?.[1] ?? "0";
  const errors = /^Errors:\n(?:.*: (\d+))/m.exec(report)?.[1] ?? "0";
  const failed = Number(failures) + Number(errors);
  return { passed: Math.max(0, Number(tested) - failed), failed };
}
